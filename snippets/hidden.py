import numpy as np

# The sigmoid, or its slope when asked for it.
def nonlin(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))

# Inputs: a row for each example.
X = np.array([[0, 0, 1],
              [0, 1, 1],
              [1, 0, 1],
              [1, 1, 1]])

# Targets: what each example should give.
y = np.array([[0, 1, 1, 0]]).T

# The weights start at random.
# A seed makes them the same in every run.
np.random.seed(1)

# One weight for each connection, between -1 and 1.
syn0 = 2 * np.random.random((3, 4)) - 1
syn1 = 2 * np.random.random((4, 1)) - 1

for iteration in range(60000):

    # Guess.
    l0 = X
    l1 = nonlin(np.dot(l0, syn0))
    l2 = nonlin(np.dot(l1, syn1))

    # By how much did each guess miss?
    l2_error = y - l2
    if iteration % 10000 == 0:
        print(f"Mean error: {np.abs(l2_error).mean():.5f}")

    # Scale each miss by the slope of the sigmoid
    # at that guess.
    l2_delta = l2_error * nonlin(l2, True)

    # Hand each hidden node its share of the blame.
    l1_error = np.dot(l2_delta, syn1.T)

    # Scale each share by the slope of the sigmoid
    # at that node.
    l1_delta = l1_error * nonlin(l1, True)

    # Move the weights.
    syn1 += np.dot(l1.T, l2_delta)
    syn0 += np.dot(l0.T, l1_delta)

print("After training:")
print(l2)
