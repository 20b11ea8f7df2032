"""Does what a plan asks for: counts in as many processes as are wanted, then times, in one and in rounds.

In each round every point is measured once, in an order that is another each time: what slows the machine down
for a while slows down a round of all of them, and no point's median. A point whose hash function raises, dies
or does not come to an end is told of and left out; the others go on.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Callable

from hashtable_lab.child import python
from hashtable_lab.sweep.grid import Plan, Point
from hashtable_lab.sweep.store import Job, Store

PATIENCE = 600.0


@dataclass(frozen=True)
class Failure:
    """A job that came to nothing, and why."""

    job: Job
    why: str


class Worker:
    """A process that does one job after the other, and another one in its place when it dies."""

    def __init__(self, plan: Plan, core: int | None = None, patience: float = PATIENCE) -> None:
        self.plan, self.core, self.patience = plan, core, patience
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        # Strings hash alike in each run.
        around = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(
            python("hashtable_lab.sweep.worker"),
            env=around,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        if self.core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, [self.core])
        return process

    def do(self, job: Job) -> list[tuple[str, str, float]] | Failure:
        """What came of a job."""
        process = self.process = self.process or self.start()
        assert process.stdin is not None
        assert process.stdout is not None
        asked = {
            "point": asdict(job.point),
            "round": job.round,
            "operations": self.plan.operations,
            "seed": self.plan.seed,
        }
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(self.patience, end)
        clock.start()
        try:
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            clock.cancel()
        if not answer:
            status = process.wait()
            self.close()
            why = f"it was still running after {self.patience:g} s" if late.is_set() else f"status {status}"
            return Failure(job, f"the process ended: {why}")
        told: dict[str, Any] = json.loads(answer)
        if "error" in told:
            return Failure(job, told["error"])
        return [(str(operation), str(metric), float(value)) for operation, metric, value in told["values"]]

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


@contextmanager
def workers(count: int, plan: Plan, core: int | None = None) -> Iterator[list[Worker]]:
    made = [Worker(plan, core) for _ in range(count)]
    try:
        yield made
    finally:
        for worker in made:
            worker.close()


def counting(plan: Plan) -> list[Job]:
    return [Job(point, None) for point in plan.points()]


def timing(plan: Plan) -> list[Job]:
    """Every round of all points, each in an order of its own, which is the same when it is gone on with."""
    jobs = []
    for number in range(plan.rounds):
        points = list(plan.points())
        random.Random(number).shuffle(points)
        jobs += [Job(point, number) for point in points]
    return jobs


def run(store: Store, processes: int, tell: Callable[[Job, int, int], None]) -> list[Failure]:
    """Does what is not done yet. `tell` is called after each job, with how many are done and how many there
    are. Returns what failed."""
    done = store.open()
    plan = store.plan
    total = len(counting(plan)) + len(timing(plan))
    finished = len(done)
    failures: list[Failure] = []
    hopeless: set[Point] = set()

    def take(job: Job, came: list[tuple[str, str, float]] | Failure) -> None:
        nonlocal finished
        finished += 1
        if isinstance(came, Failure):
            failures.append(came)
            hopeless.add(job.point)
        else:
            store.add(job, came)
        tell(job, finished, total)

    with workers(processes, plan) as many, ThreadPoolExecutor(processes) as pool:
        for job, came in spread_over(pool, many, [job for job in counting(plan) if job not in done]):
            take(job, came)
    with workers(1, plan, core=last_core()) as (alone,):
        for job in timing(plan):
            if job in done:
                continue
            if job.point in hopeless:
                finished += 1
                continue
            take(job, alone.do(job))
    store.finish()
    return failures


def spread_over(
    pool: ThreadPoolExecutor, many: list[Worker], jobs: Iterable[Job]
) -> Iterator[tuple[Job, list[tuple[str, str, float]] | Failure]]:
    """What came of each job, as it comes, from whichever worker is free."""
    free = list(many)
    lock = threading.Lock()

    def do(job: Job) -> tuple[Job, list[tuple[str, str, float]] | Failure]:
        with lock:
            worker = free.pop()
        try:
            return job, worker.do(job)
        finally:
            with lock:
                free.append(worker)

    futures = [pool.submit(do, job) for job in jobs]
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        for future in futures:
            future.cancel()
        for worker in many:
            worker.close()
        raise


def last_core() -> int | None:
    """The processor to measure on: the last one that we may use, where that can be said."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
