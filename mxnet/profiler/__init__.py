"""`mx.profiler`: where the time goes, as a table and as a trace file (docs/profiler.md)."""

from .control import (
    dump,
    dump_profile,
    dumps,
    pause,
    profiler_set_config,
    profiler_set_state,
    resume,
    set_config,
    set_kvstore_handle,
    set_state,
    start_if_asked,
)
from .objects import Counter, Domain, Event, Frame, Marker, Task

start_if_asked()
