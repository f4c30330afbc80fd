"""Multilayer perceptrons as estimators by scikit-learn's rules, for its pipelines, cross-validation and searches.

The extra `sklearn` installs what this needs. Arguments are stored as they are and read by `fit`; what is learned has
names that end in an underscore. The network itself is `model_`, and how its training went is `history_`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Self

try:
    import numpy as np
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils import check_random_state, column_or_1d
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:
    raise ImportError('estimators need scikit-learn 1.6 or newer: pip install "pathgrad[sklearn]"') from None

from autograd import relu, sigmoid, softmax
from autograd.hints import TO_ESTIMATORS, WithKnownKeywords
from autograd.ieee import kind
from autograd.rules import as_tuple
from nn.evaluation import predict
from nn.layers import MLP, Activation
from nn.losses import binary_cross_entropy_with_logits, mean_squared_error, softmax_cross_entropy
from nn.optimizers import Adam, Optimizer
from nn.training import fit


class _Estimator(WithKnownKeywords, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Base class of both estimators: the arguments, and the training."""

    _foreign_ = TO_ESTIMATORS

    def __init__(
        self,
        widths: Sequence[int] = (16,),
        *,
        activation: Activation | None = relu,
        optimizer: Callable[..., Optimizer] = Adam,
        lr: float = 0.01,
        epochs: int = 100,
        batch_size: int = 32,
        dropout: float = 0.0,
        patience: int | None = None,
        random_state: Any = None,
        verbose: bool = False,
    ) -> None:
        self.widths = widths
        self.activation = activation
        self.optimizer = optimizer
        self.lr = lr
        self.epochs = epochs
        self.batch_size = batch_size
        self.dropout = dropout
        self.patience = patience
        self.random_state = random_state
        self.verbose = verbose

    def _train(self, X: Any, y: Any, outputs: int, loss: Callable[[Any, Any], Any]) -> Self:
        if not callable(self.optimizer):
            raise TypeError(
                "optimizer must be a class such as nn.Adam, or a function of the parameters and lr, "
                f"got {kind(self.optimizer)}"
            )
        generator = random.Random(int(check_random_state(self.random_state).randint(2**31 - 1)))
        widths = [*as_tuple(self.widths, "widths"), outputs]
        self.model_ = MLP(X.shape[1], widths, self.activation, dropout=self.dropout, seed=generator)
        self.history_ = fit(
            self.model_,
            loss,
            X,
            y,
            optimizer=self.optimizer(self.model_.parameters(), lr=self.lr),
            epochs=self.epochs,
            batch_size=self.batch_size,
            seed=generator.getrandbits(31),
            patience=self.patience,
            progress=bool(self.verbose),
        )
        if self.history_.stopped.startswith("interrupted"):  # a search must end, too
            raise KeyboardInterrupt(self.history_.stopped)
        return self

    def _outputs(self, X: Any) -> Any:
        """All outputs of the network: an array with a row for each sample."""
        check_is_fitted(self)
        return predict(self.model_, validate_data(self, X, reset=False, dtype=np.float64), outputs=True)


class Classifier(ClassifierMixin, _Estimator):  # type: ignore[misc]  # as above
    """A multilayer perceptron that classifies, as an estimator of scikit-learn.

    widths        the numbers of hidden neurons, layer by layer; () for none
    activation    of the hidden neurons: an operation such as `autograd.tanh`, nn.PReLU, or None
    optimizer     a class such as nn.Adam, or a function of the parameters and `lr`: functools.partial sets the rest
    lr            the learning rate
    epochs, batch_size, patience  as in `nn.fit`
    dropout       the probability with which a hidden output is set to 0 in training
    random_state  an int, a numpy.random.RandomState or None, for first weights, the order of samples and dropout
    verbose       whether a bar shows the progress

    Two classes share one logit, trained by binary cross-entropy; of more, each has its own, by softmax cross-entropy.
    After `fit` there are classes_, n_features_in_, model_ (an nn.MLP) and history_ (an nn.History).

    `fit` raises ValueError for fewer than 2 classes and for data that scikit-learn or `nn.fit` refuse, and
    FloatingPointError if training diverges; `predict` raises NotFittedError before `fit`.

    >>> from nn.data import iris
    >>> X, y = iris()
    >>> Classifier([8], epochs=20, random_state=0).fit(X, y).score(X, y) > 0.9
    True
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Train a new network on samples X and their classes y, which may be of any kind; return the estimator."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, targets = np.unique(column_or_1d(y, warn=True), return_inverse=True)
        count = len(self.classes_)
        if count < 2:
            raise ValueError(f"Classifier needs at least 2 classes, got {count} class")
        if count == 2:
            return self._train(X, targets, 1, binary_cross_entropy_with_logits)
        return self._train(X, targets, count, softmax_cross_entropy)

    def predict_proba(self, X: Any) -> Any:
        """The probability of each class, in the order of classes_: an array with a row for each sample."""
        logits = self._outputs(X).tolist()
        if len(self.classes_) == 2:
            return np.array([[sigmoid(-logit), sigmoid(logit)] for (logit,) in logits])
        return np.array([softmax(row) for row in logits])

    def predict(self, X: Any) -> Any:
        """The most probable class of each sample: an array."""
        logits = self._outputs(X)
        places = (logits[:, 0] > 0).astype(int) if len(self.classes_) == 2 else logits.argmax(axis=1)
        return self.classes_[places]


class Regressor(RegressorMixin, _Estimator):  # type: ignore[misc]  # as above
    """A multilayer perceptron that predicts numbers, as an estimator of scikit-learn, trained on their squared errors.

    The arguments are those of `Classifier`. y has a number for each sample, or a row of numbers. A network learns best
    from targets whose mean is near 0 and whose deviation is near 1; scikit-learn's TransformedTargetRegressor scales
    others. After `fit` there are n_features_in_, model_ (an nn.MLP) and history_ (an nn.History).

    Raises as `Classifier` does.

    >>> X = [[i / 10] for i in range(-10, 11)]
    >>> Regressor([8], epochs=200, random_state=0).fit(X, [x * x for (x,) in X]).score(X, [x * x for (x,) in X]) > 0.9
    True
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X: Any, y: Any) -> Self:
        """Train a new network on samples X and their targets y; return the estimator."""
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        self._is_flat = y.ndim == 1
        return self._train(X, y.astype(np.float64), 1 if self._is_flat else y.shape[1], mean_squared_error)

    def predict(self, X: Any) -> Any:
        """The predicted number of each sample, as an array; a row of numbers, if y had rows."""
        outputs = self._outputs(X)
        return outputs[:, 0] if self._is_flat else outputs
