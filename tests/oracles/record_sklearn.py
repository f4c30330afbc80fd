"""Record the losses and gradients of scikit-learn's MLPClassifier on some digits as tests/oracles/sklearn.json.

python tests/oracles/record_sklearn.py, with scikit-learn 1.9. The suite reads the file and needs none of its networks.
"""

import warnings

import numpy as np
import sklearn
from recording import written
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

HIDDEN = 6
NETWORKS = [
    # activation, α, the digits that are told apart: with two of them the network has one output
    ("identity", 0.0, range(10)),
    ("logistic", 0.0, range(10)),
    ("tanh", 0.0, range(10)),
    ("relu", 0.0, range(10)),
    ("relu", 0.5, range(10)),
    ("tanh", 0.5, (0, 1)),
    ("logistic", 0.0, (0, 1)),
]


def samples(classes, per_class=2):
    """The first two images of every class, pixels from 0 to 16."""
    images, labels = load_digits(return_X_y=True)
    chosen = np.concatenate([np.flatnonzero(labels == digit)[:per_class] for digit in classes])
    return images[chosen], labels[chosen]


def network(activation, alpha, classes):
    """A network with rounded weights, its loss and gradient there."""
    X, y = samples(classes)
    classifier = MLPClassifier((HIDDEN,), activation=activation, alpha=alpha, solver="lbfgs", max_iter=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of one iteration, after which it has the shapes it needs
        classifier.fit(X / 16, y)
    generator = np.random.default_rng(0)
    classifier.coefs_ = [generator.normal(0, 0.5, w.shape).round(2) for w in classifier.coefs_]
    classifier.intercepts_ = [generator.normal(0, 0.5, b.shape).round(2) for b in classifier.intercepts_]
    targets = classifier._label_binarizer.transform(y).astype(float)
    activations = [X / 16, *(np.empty((len(X), len(b))) for b in classifier.intercepts_)]
    deltas = [np.empty_like(a) for a in activations[1:]]
    gradients = ([np.empty_like(w) for w in classifier.coefs_], [np.empty_like(b) for b in classifier.intercepts_])
    loss, coef_grads, intercept_grads = classifier._backprop(X / 16, targets, None, activations, deltas, *gradients)
    return {
        "activation": activation,
        "alpha": alpha,
        "classes": [*classes],
        "coefs": [w.T.tolist() for w in classifier.coefs_],
        "intercepts": [b.tolist() for b in classifier.intercepts_],
        "loss": float(loss),
        "coef_grads": [w.T.tolist() for w in coef_grads],
        "intercept_grads": [b.tolist() for b in intercept_grads],
    }


if __name__ == "__main__":
    X, y = samples(range(10))
    written(
        __file__,
        f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}; a layer's matrices have one row a neuron",
        digits=[{"digit": int(label), "pixels": image.astype(int).tolist()} for image, label in zip(X, y, strict=True)],
        networks=[network(*about) for about in NETWORKS],
    )
