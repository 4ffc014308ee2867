// One cloud at a time, because parallel tests on two cores would slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
