"""Chunks embedded a second by Python's ONNX Runtime: one session a core, one text at a time, as is fastest there too.

Usage: embed.py MODEL TOKENIZER TEXTS MILLISECONDS (TEXTS is a JSON file with a list of strings)
Prints {"perSecond": number, "first": the vector of the first text}.
"""

import json
import os
import sys
import threading
import time

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

model, tokenizer, texts, milliseconds = sys.argv[1:]
tokenizer = Tokenizer.from_file(tokenizer)
tokenizer.no_padding()
tokenizer.enable_truncation(256)
with open(texts, encoding="utf-8") as file:
    texts = json.load(file)


def session():
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def embed(own, text):
    ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
    return own.run(["embedding"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]


sessions = [session() for _ in range(os.cpu_count() or 1)]
first = [embed(own, texts[0]) for own in sessions][0]
until = time.perf_counter() + int(milliseconds) / 1000
done = [0] * len(sessions)


def work(number):
    at = number
    while time.perf_counter() < until:
        embed(sessions[number], texts[at % len(texts)])
        at += 1
        done[number] += 1


began = time.perf_counter()
threads = [threading.Thread(target=work, args=(number,)) for number in range(len(sessions))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps({"perSecond": sum(done) / (time.perf_counter() - began), "first": [float(x) for x in first]}))
