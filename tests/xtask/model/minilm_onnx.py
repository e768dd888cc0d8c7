"""Writes the sentence model all-MiniLM-L6-v2 as an int8 ONNX file.

The model is published as weights (safetensors) without a graph for ONNX Runtime. This script writes the graph
node by node, so that no training framework is needed, then rounds its matrices to signed bytes:

    python minilm_onnx.py MODEL_FOLDER OUTPUT.onnx

MODEL_FOLDER holds `config.json` and `model.safetensors`. The same input gives the same output, byte for byte,
as long as the pinned versions of `onnx` and `onnxruntime` are used: nodes and constants are named by their place.

The graph, batch B and length S being free:

    input_ids, attention_mask: int64 [B, S]  ->  embedding: float [B, 384], each row of length 1

It holds the encoder (6 layers), the mean over the tokens that the mask keeps, and the scaling to unit length.
Three operators are ONNX Runtime's own (`Attention`, `SkipLayerNormalization`, `BiasGelu`): each does in one pass
over memory what takes several standard ones.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

OPSET = 17
RUNTIME_DOMAIN = "com.microsoft"


class Graph:
    """Collects nodes and constants, and names them by their place."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, array: numpy.ndarray, name: str | None = None) -> str:
        name = name or f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(numpy.ascontiguousarray(array), name))
        return name

    def ints(self, *values: int) -> str:
        return self.constant(numpy.array(values, numpy.int64))

    def node(self, operator: str, *inputs: str, output: str | None = None, domain: str = "", **attributes) -> str:
        output = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operator, list(inputs), [output], name=f"node_{len(self.nodes)}", domain=domain, **attributes)
        )
        return output


class Encoder:
    """The BERT encoder with the weights and sizes of one model."""

    def __init__(self, folder: Path) -> None:
        self.config = json.loads((folder / "config.json").read_text("utf-8"))
        self.weights = load_file(folder / "model.safetensors")
        if self.config["model_type"] != "bert" or self.config["hidden_act"] != "gelu":
            raise SystemExit(f"{folder}: not a BERT model with GELU, which is all this script can write")
        self.epsilon = self.config["layer_norm_eps"]
        self.graph = Graph()

    def weight(self, name: str) -> numpy.ndarray:
        return self.weights[name].astype(numpy.float32)

    def linear(self, name: str) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Matrix and bias of a linear layer; the file keeps matrices as (out, in)."""
        return self.weight(f"{name}.weight").T, self.weight(f"{name}.bias")

    def norm(self, name: str) -> tuple[str, str]:
        return self.graph.constant(self.weight(f"{name}.weight")), self.graph.constant(self.weight(f"{name}.bias"))

    def embeddings(self) -> str:
        """Word, position and segment vectors, added and normalised. There is only segment 0, so it goes into the positions."""
        graph = self.graph
        words = graph.constant(self.weight("embeddings.word_embeddings.weight"), "words")
        segment = self.weight("embeddings.token_type_embeddings.weight")[0]
        positions = graph.constant(self.weight("embeddings.position_embeddings.weight") + segment, "positions")
        length = graph.node("Slice", graph.node("Shape", "input_ids"), graph.ints(1), graph.ints(2))
        here = graph.node("Slice", positions, graph.ints(0), length, graph.ints(0))
        total = graph.node("Add", graph.node("Gather", words, "input_ids", axis=0), here)
        return graph.node("LayerNormalization", total, *self.norm("embeddings.LayerNorm"), axis=-1, epsilon=self.epsilon)

    def layer(self, number: int, states: str, mask: str) -> str:
        graph, prefix = self.graph, f"encoder.layer.{number}"
        parts = [self.linear(f"{prefix}.attention.self.{part}") for part in ("query", "key", "value")]
        attended = graph.node(
            "Attention",
            states,
            graph.constant(numpy.concatenate([matrix for matrix, _ in parts], axis=1), f"attention_in_{number}"),
            graph.constant(numpy.concatenate([bias for _, bias in parts])),
            mask,
            domain=RUNTIME_DOMAIN,
            num_heads=self.config["num_attention_heads"],
        )
        states = self.project_and_add(attended, states, f"{prefix}.attention.output", f"attention_out_{number}")
        matrix, bias = self.linear(f"{prefix}.intermediate.dense")
        wide = graph.node("MatMul", states, graph.constant(matrix, f"wide_in_{number}"))
        wide = graph.node("BiasGelu", wide, graph.constant(bias), domain=RUNTIME_DOMAIN)
        return self.project_and_add(wide, states, f"{prefix}.output", f"wide_out_{number}")

    def project_and_add(self, value: str, states: str, name: str, constant: str) -> str:
        """Back to the width of the states, added to them, normalised."""
        graph = self.graph
        matrix, bias = self.linear(f"{name}.dense")
        scale, shift = self.norm(f"{name}.LayerNorm")
        projected = graph.node("MatMul", value, graph.constant(matrix, constant))
        return graph.node(
            "SkipLayerNormalization",
            projected,
            states,
            scale,
            shift,
            graph.constant(bias),
            domain=RUNTIME_DOMAIN,
            epsilon=self.epsilon,
        )

    def sentence(self, states: str) -> None:
        """The mean of the states that the mask keeps, scaled to length 1."""
        graph = self.graph
        mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
        mask = graph.node("Unsqueeze", mask, graph.ints(2))
        tokens = graph.ints(1)
        total = graph.node("ReduceSum", graph.node("Mul", states, mask), tokens, keepdims=0)
        mean = graph.node("Div", total, graph.node("ReduceSum", mask, tokens, keepdims=0))
        square = graph.node("ReduceSum", graph.node("Mul", mean, mean), tokens, keepdims=1)
        graph.node("Div", mean, graph.node("Sqrt", square), output="embedding")

    def model(self) -> onnx.ModelProto:
        states = self.embeddings()
        mask = self.graph.node("Cast", "attention_mask", to=TensorProto.INT32)
        for number in range(self.config["num_hidden_layers"]):
            states = self.layer(number, states, mask)
        self.sentence(states)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", self.config["hidden_size"]])]
        model = helper.make_model(
            helper.make_graph(self.graph.nodes, "sentence", inputs, outputs, self.graph.constants),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME_DOMAIN, 1)],
            producer_name="minilm_onnx",
        )
        # Old enough for every runtime that knows the operators.
        model.ir_version = 8
        return model


def build(model_folder: Path, output: Path) -> None:
    """Writes the int8 model. Matrices are rounded per column, states at run time per tensor."""
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        onnx.save(Encoder(model_folder).model(), exact)
        quantize_dynamic(
            exact,
            output,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=False,
            op_types_to_quantize=["MatMul", "Attention", "Gather"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True},
        )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]), Path(sys.argv[2]))
