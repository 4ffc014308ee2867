namespace JobCloud.Node.Executor.Processes;

/// <summary>The owner of an orphaned process.</summary>
/// <param name="Owner">Null: no known owner.</param>
/// <param name="IsCertain">False: the process does not show its environment, because it is about to
/// exit or exec.</param>
internal readonly record struct Ownership<TOwner>(TOwner? Owner, bool IsCertain = true)
    where TOwner : class;
