"""One request a line on stdin, one answer a line on stdout, both JSON; work items are prepared once and timed round by round on request,
so that rounds of several programs can take turns.

    {"command": "hello"}                              -> versions, BLAS core, threads
    {"command": "prepare", "item": {...}}             -> {"id", "form"}; item.kind is "step", "draw", "deep" or "ntk"
    {"command": "round", "id", "repeat", "clock"}     -> {"seconds"}: of `repeat` steps or fills; clock "thread" (CPU) or "wall"
    {"command": "drop", "id"}                         -> {}
    {"command": "step", "item", "particles", "x", "y", "eta", "steps"} -> {"particles"}: for comparison with other programs

An error answers {"error"}; end of input ends the process. Threads are those of OMP_NUM_THREADS.
"""

import gc
import json
import os
import sys
import time

import numpy as np

import draws
import inputs
import oracle
from variants import VARIANTS, build, torch

#: Small enough that the particles stay where they are over thousands of steps, so that every round does the same work.
STILL = 1e-6

CLOCKS = {"thread": time.thread_time, "wall": time.perf_counter}

items = {}


def hello(_):
    answer = {"python": sys.version.split()[0], "numpy": np.__version__, "variants": VARIANTS, "threads": threads()}
    if torch is not None:
        capability = torch.__config__.show().split("CPU capability usage: ")[-1].split("\n")[0]
        answer.update(torch=torch.__version__, capability=capability, torchThreads=torch.get_num_threads())
    answer["blas"] = loaded_blas()
    return answer


def threads():
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def loaded_blas():
    """Names of the BLAS libraries in this process; Debian's libblas without OpenBLAS is the slow reference implementation."""
    np.ones((2, 2)) @ np.ones((2, 2))
    try:
        with open("/proc/self/maps") as maps:
            paths = {os.path.realpath(line.split()[-1]) for line in maps if "blas" in line or "mkl" in line}
    except OSError:
        return []
    return sorted(path for path in paths if path.startswith("/"))


def prepare(request):
    item = request["item"]
    if item["kind"] == "draw":
        fill = draws.drawer(item["library"], item["draw"], item["precision"], item["count"])

        def advance(repeat):
            for _ in range(repeat):
                fill()

        form = ""
    elif item["kind"] == "ntk":
        from ntk import TangentKernel

        kernel = TangentKernel(item["count"], item["dimension"], item["layers"])
        advance, form = kernel.advance, kernel.form
    elif item["kind"] == "deep":
        from deep import DeepTraining

        training = DeepTraining(item)
        advance, form = training.advance, training.form
    else:
        made = inputs.make(item["work"], item["batch"], item["dimension"], item["width"], item["secondWidth"])
        step = build(item["work"], item["library"], item["variant"], item["precision"], *made, STILL)
        advance, form = step.advance, step.form
    if item["kind"] not in ("deep", "ntk"):
        advance(3)
    number = len(items)
    items[number] = advance
    return {"id": number, "form": form}


def timed_round(request):
    advance, clock = items[request["id"]], CLOCKS[request["clock"]]
    begun = clock()
    advance(request["repeat"])
    return {"seconds": clock() - begun}


def drop(request):
    items[request["id"]] = None
    gc.collect()
    return {}


def compare(request):
    item = request["item"]
    particles = {name: np.array(value, np.float64) for name, value in request["particles"].items()}
    x, y = np.array(request["x"]), np.array(request["y"])
    if item["library"] == "oracle":
        for _ in range(request["steps"]):
            particles = oracle.STEPS[item["work"]](particles, x, y, request["eta"])
    else:
        step = build(item["work"], item["library"], item["variant"], item["precision"], particles, x, y, request["eta"])
        step.advance(request["steps"])
        particles = step.particles()
    return {"particles": {name: value.tolist() for name, value in particles.items()}}


COMMANDS = {"hello": hello, "prepare": prepare, "round": timed_round, "drop": drop, "step": compare}


def main():
    if torch is not None:
        torch.set_num_threads(threads())
        # Lets the compiler of torch.jit fuse pointwise operations where this build can (Debian's has no LLVM and cannot).
        torch._C._jit_override_can_fuse_on_cpu(torch._C._llvm_enabled())
    gc.disable()
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = COMMANDS[request["command"]](request)
        except Exception as error:  # The caller decides what a failure means.
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
