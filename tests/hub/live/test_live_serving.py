import sys

from cityloop.hub.live.serving import WorkerProcess

LISTENER = [sys.executable, "-c", "import os; print('up', flush=True); os.read(0, 1)"]


def test_worker_process_ends_when_its_input_is_closed():
    keeper = WorkerProcess(LISTENER)
    keeper.start()
    while keeper._child is None:
        pass
    child = keeper._child
    keeper.stop()
    assert child.returncode == 0
    assert not keeper._thread.is_alive()
