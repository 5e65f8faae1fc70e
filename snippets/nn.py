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
y = np.array([[0, 0, 1, 1]]).T

# The weights start at random.
# A seed makes them the same in every run.
np.random.seed(1)

# One weight for each input, between -1 and 1.
syn0 = 2 * np.random.random((3, 1)) - 1

for iteration in range(10000):

    # Guess.
    l0 = X
    l1 = nonlin(np.dot(l0, syn0))

    # By how much did each guess miss?
    l1_error = y - l1

    # Scale each miss by the slope of the sigmoid
    # at that guess.
    l1_delta = l1_error * nonlin(l1, True)

    # Move the weights.
    syn0 += np.dot(l0.T, l1_delta)

print("After training:")
print(l1)
