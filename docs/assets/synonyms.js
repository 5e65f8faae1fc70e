/**
 * What readers type, by the section that answers it although it says it in other words. An address and its words are one line here.
 * tests/browser/test_search.py holds each: the section is there, and is on the first two pages that the words find.
 */
export const SYNONYMS = {
  "#keep-the-code-in-view": "print pdf, booklet, paper, dark mode, night mode, dark theme, offline, without internet",
  "walk/numpy/": "import numpy, install, pip, requirements, dependencies",
  "walk/numpy/#two-more-operations": "np.dot, matrix multiplication, matrix product, dot product",
  "walk/sigmoid/": "derivative, logistic function, nonlinearity, squash",
  "walk/weights/": "brain, synapse, parameters, initialise",
  "walk/prediction/": "forward propagation, feedforward, inference",
  "walk/delta/#is-this-back-propagation": "backprop, backpropagation, backward pass",
  "walk/delta/#where-that-goes-wrong": "vanishing gradient, saturated, saturation",
  "descent/": "gradient descent, gradient check, numerical gradient, proof",
  "descent/#where-the-formula-comes-from": "chain rule, derivation, calculus, partial derivative",
  "break/": "change the code, experiment, play, modify",
  "break/#start-from-zero": "initial weights zero, initialise with zeros, symmetry",
  "ask/#loss": "loss function, cost function, objective",
  "ask/#learning-rate": "step size, alpha, lr, eta",
  "ask/#bias": "intercept, offset",
  "words/#saving-what-was-learned": "save the weights, load the weights, export, pickle, checkpoint",
  "words/#keras-pytorch-and-others": "tensorflow, jax, deep learning library",
  "words/#regularisation": "regularization, weight decay, dropout",
  "ask/#slope": "cross entropy, binary crossentropy",
  "ask/#three-inputs": "3 inputs, 3 inputs or 4",
  "ask/#never-exactly": "exactly 0 or 1, never 0 or 1",
  "ask/#nan": "overflow encountered, RuntimeWarning, inf, infinity",
  "hidden/": "two layers, multilayer perceptron, deeper network",
  "hidden/back/": "backpropagate, back-propagate, backpropagation, back-propagation, error of a hidden node",
  "hidden/eleven/program/": "11 lines, eleven lines, shortest",
  "hidden/ask/#nodes": "how many hidden nodes, number of hidden neurons",
  "chosen/": "wrong answers, my answers, score",
  "retell/": "exercise, practice, quiz, test yourself",
  "notebook/": "jupyter, ipynb, colab, download",
  "program/": "run in the browser, execute, debugger, variables, inspector, whole code, source",
  "contributing/": "contribute, edit a page, pull request"
};
