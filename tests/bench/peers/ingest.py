"""Files read a second by MarkItDown: one process a core, each with its part of the files.

Usage: ingest.py FILES (a JSON file with a list of paths)
Prints {"perSecond": files a second, "read": files that gave text}.
"""

import json
import logging
import os
import sys
import time
import warnings
from multiprocessing import Pool

# Broken files are among them, and each is spoken of at length.
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

reader = None


def begin():
    from markitdown import MarkItDown

    global reader
    reader = MarkItDown(enable_plugins=False)


def read(path):
    try:
        return bool(reader.convert(path).text_content.strip())
    except Exception:
        return False


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        paths = json.load(file)
    with Pool(os.cpu_count(), initializer=begin) as pool:
        # The first files load the libraries.
        pool.map(read, paths[:8], chunksize=1)
        began = time.perf_counter()
        done = sum(pool.imap_unordered(read, paths, chunksize=8))
        print(json.dumps({"perSecond": len(paths) / (time.perf_counter() - began), "read": done}))
