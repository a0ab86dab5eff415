"""A queue by a clock of the test's own."""

from tests.core.service.fakes import INVERT, Clock, FakeImage, InvertParams, upload

from restyle.contract.request import Use
from restyle.contract.result import Result
from restyle.service.images import ImageStore
from restyle.service.job import RESULT
from restyle.service.jobs import JobQueue

LEASE_S = 10.0


class Desk:
    """A queue with everything around it, on one clock."""

    def __init__(self, maximum_bytes=1 << 20):
        self.clock = Clock()
        self.images = ImageStore(maximum_bytes, self.clock)
        self.queue = JobQueue(self.images, LEASE_S, self.clock)

    def submit(self, terms=RESULT, declared=INVERT):
        ref = upload(self.images).id
        use = Use(declared, {"content": ref}, InvertParams(seed=7))
        return self.queue.submit(use, {ref: self.images.hold(ref)}, terms).id

    def end_one(self):
        """Run the next job; its id."""
        job = self.queue.take()
        self.queue.succeed(job, Result({"result": image()}), [])
        return job.id


def image(size=6):
    return FakeImage(bytes(size), size // 3, 1)
