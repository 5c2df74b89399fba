"""Module: binding, training on fixed data from fixed weights, predicting, saving."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, raises


def _perceptron(mx):
    x = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=6, name="first")
    x = mx.sym.Activation(x, act_type="tanh", name="active")
    x = mx.sym.FullyConnected(x, num_hidden=3, name="last")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def _data(mx):
    random = np.random.RandomState(1)
    x = random.normal(size=(12, 4)).astype("float32")
    y = np.argmax(x[:, :3], axis=1).astype("float32")
    return mx.io.NDArrayIter(x, y, batch_size=4)


def _weights(mx):
    random = np.random.RandomState(2)
    shapes = {
        "first_weight": (6, 4),
        "first_bias": (6,),
        "last_weight": (3, 6),
        "last_bias": (3,),
    }
    return {name: mx.nd.array(random.normal(0, 0.5, shape)) for name, shape in shapes.items()}


def _fitted(mx, epochs=2, **options):
    module = mx.mod.Module(_perceptron(mx))
    module.fit(
        _data(mx),
        num_epoch=epochs,
        arg_params=_weights(mx),
        initializer=mx.init.Zero(),
        eval_metric="acc",
        **options,
    )
    return module


def _parameters(module):
    arguments, states = module.get_params()
    return {**arguments, **states}


@case
def fit_with_sgd(mx, random):
    return _parameters(_fitted(mx, optimizer_params={"learning_rate": 0.1}))


@case
def fit_with_momentum_and_decay(mx, random):
    chosen = {"learning_rate": 0.1, "momentum": 0.9, "wd": 0.01}
    return _parameters(_fitted(mx, optimizer="sgd", optimizer_params=chosen))


@case
def fit_with_adam(mx, random):
    chosen = {"learning_rate": 0.01}
    return _parameters(_fitted(mx, optimizer="adam", optimizer_params=chosen))


@case
def fit_with_a_schedule(mx, random):
    schedule = mx.lr_scheduler.FactorScheduler(step=2, factor=0.5, base_lr=0.2)
    chosen = {"learning_rate": 0.2, "lr_scheduler": schedule}
    return _parameters(_fitted(mx, optimizer_params=chosen))


@case
def fit_with_rescaled_gradients(mx, random):
    chosen = {"learning_rate": 0.1, "rescale_grad": 1.0, "clip_gradient": 0.5}
    return _parameters(_fitted(mx, optimizer_params=chosen))


@case
def fit_leaves_fixed_parameters(mx, random):
    module = mx.mod.Module(_perceptron(mx), fixed_param_names=["first_bias"])
    module.fit(
        _data(mx), num_epoch=1, arg_params=_weights(mx), optimizer_params={"learning_rate": 0.5}
    )
    return _parameters(module)


@case
def fit_calls_back(mx, random):
    seen = []

    def after_batch(parameters):
        seen.append((parameters.epoch, parameters.nbatch))

    def after_epoch(epoch, symbol, arguments, states):
        seen.append((epoch, symbol.name, sorted(arguments), sorted(states)))

    _fitted(mx, batch_end_callback=after_batch, epoch_end_callback=after_epoch)
    return {"seen": seen}


@case
def steps_by_hand(mx, random):
    module = mx.mod.Module(_perceptron(mx))
    data = _data(mx)
    module.bind(data.provide_data, data.provide_label)
    module.init_params(arg_params=_weights(mx))
    module.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 0.1})
    batch = data.next()
    module.forward(batch, is_train=True)
    output = module.get_outputs()[0].asnumpy()
    module.backward()
    module.update()
    return {"output": output, **_parameters(module)}


@case
def gradients_of_inputs(mx, random):
    module = mx.mod.Module(_perceptron(mx))
    data = _data(mx)
    module.bind(data.provide_data, data.provide_label, inputs_need_grad=True)
    module.init_params(arg_params=_weights(mx))
    module.forward_backward(data.next())
    return {"gradient": module.get_input_grads()[0]}


@case
def scoring_and_predicting(mx, random):
    module = _fitted(mx, epochs=1)
    data = _data(mx)
    score = module.score(data, ["acc", "ce"])
    data.reset()
    predicted = module.predict(data)
    data.reset()
    few = module.predict(data, num_batch=1)
    data.reset()
    separate = module.predict(data, merge_batches=False)
    return {
        "names": [name for name, _ in score],
        "values": np.array([value for _, value in score], dtype="float64"),
        "predicted": predicted,
        "few": few.shape,
        "separate": [each[0].shape for each in separate],
    }


@case
def what_a_module_tells(mx, random):
    module = mx.mod.Module(_perceptron(mx))
    before = (module.binded, module.params_initialized, module.optimizer_initialized)
    data = _data(mx)
    module.bind(data.provide_data, data.provide_label)
    module.init_params()
    return {
        "before": before,
        "after": (module.binded, module.params_initialized, module.optimizer_initialized),
        "data names": module.data_names,
        "label names": module.label_names,
        "output names": module.output_names,
        "data shapes": [tuple(each) for each in module.data_shapes],
        "label shapes": [tuple(each) for each in module.label_shapes],
        "output shapes": module.output_shapes,
        "symbol": module.symbol.name,
    }


@case
def saved_modules_predict_the_same(mx, random):
    import tempfile
    from pathlib import Path

    module = _fitted(mx, epochs=1)
    data = _data(mx)
    expected = module.predict(data).asnumpy()
    data.reset()
    with tempfile.TemporaryDirectory() as folder:
        prefix = str(Path(folder) / "model")
        module.save_checkpoint(prefix, 1)
        files = sorted(path.name for path in Path(folder).iterdir())
        symbol, arguments, states = mx.model.load_checkpoint(prefix, 1)
        loaded = mx.mod.Module.load(prefix, 1)
        loaded.bind(data.provide_data, data.provide_label, for_training=False)
        predicted = loaded.predict(data).asnumpy()
    return {
        "files": files,
        "same": bool(np.allclose(expected, predicted, atol=1e-6)),
        "arguments": sorted(arguments),
        "states": sorted(states),
        "outputs": symbol.list_outputs(),
    }


@case
def moving_statistics_are_trained(mx, random):
    x = mx.sym.BatchNorm(mx.sym.Variable("data"), name="norm", fix_gamma=False, momentum=0.5)
    x = mx.sym.FullyConnected(x, num_hidden=3, name="last")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(x, name="softmax"))
    weights = {
        "norm_gamma": mx.nd.ones((4,)),
        "norm_beta": mx.nd.zeros((4,)),
        "last_weight": mx.nd.array(random.normal(size=(3, 4))),
        "last_bias": mx.nd.zeros((3,)),
    }
    states = {"norm_moving_mean": mx.nd.zeros((4,)), "norm_moving_var": mx.nd.ones((4,))}
    module.fit(_data(mx), num_epoch=1, arg_params=weights, aux_params=states)
    return _parameters(module)


@case
def wrong_modules_raise(mx, random):
    module = mx.mod.Module(_perceptron(mx))
    data = _data(mx)
    few = {"first_weight": mx.nd.zeros((6, 4))}
    bound = mx.mod.Module(_perceptron(mx))
    bound.bind(data.provide_data, data.provide_label)
    return {
        "unknown data name": error_of(lambda: mx.mod.Module(_perceptron(mx), data_names=("x",))),
        "not bound": raises(lambda: module.forward(data.next())),
        "not initialised": raises(lambda: bound.forward(data.next())),
        "parameter missing": error_of(lambda: bound.init_params(None, arg_params=few)),
    }


@case
def a_bucketing_module_shares_weights(mx, random):
    def network(length):
        x = mx.sym.Variable("data")
        x = mx.sym.mean(x, axis=1, keepdims=True)
        x = mx.sym.FullyConnected(x, num_hidden=2, name="last")
        return mx.sym.SoftmaxOutput(x, name="softmax"), ("data",), ("softmax_label",)

    module = mx.mod.BucketingModule(network, default_bucket_key=6)
    module.bind([("data", (2, 6))], [("softmax_label", (2,))])
    module.init_params(mx.init.One())
    module.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 0.5})
    outputs = {}
    for length in (6, 3):
        batch = mx.io.DataBatch(
            [mx.nd.array(np.arange(2 * length).reshape(2, length))],
            [mx.nd.array([0, 1])],
            bucket_key=length,
            provide_data=[("data", (2, length))],
            provide_label=[("softmax_label", (2,))],
        )
        module.forward(batch)
        outputs[f"output {length}"] = module.get_outputs()[0].asnumpy()
        module.backward()
        module.update()
    return {**outputs, **_parameters(module)}
