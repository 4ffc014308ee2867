// Two cores: one cloud at a time, or the waits measure the neighbours.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
