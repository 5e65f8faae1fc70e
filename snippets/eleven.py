import numpy as np
np.random.seed(1)

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0, 1, 1, 0]]).T
syn0 = 2 * np.random.random((3, 4)) - 1
syn1 = 2 * np.random.random((4, 1)) - 1
for iteration in range(60000):
    l1 = 1 / (1 + np.exp(-np.dot(X, syn0)))
    l2 = 1 / (1 + np.exp(-np.dot(l1, syn1)))
    l2_delta = (y - l2) * (l2 * (1 - l2))
    l1_delta = np.dot(l2_delta, syn1.T) * (l1 * (1 - l1))
    syn1 += np.dot(l1.T, l2_delta)
    syn0 += np.dot(X.T, l1_delta)

print(l2)
