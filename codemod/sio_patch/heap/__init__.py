"""From a V8 heap snapshot to the property that keeps large buffers alive. Reads that one file, touches nothing else."""
