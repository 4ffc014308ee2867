namespace JobCloud.Node.Executor.Processes;

/// <summary>Whose an orphan is.</summary>
/// <param name="Owner">Null: none that is known.</param>
/// <param name="IsCertain">False: the process is about to end or to run another program, and does
/// not show its environment.</param>
internal readonly record struct Ownership<TOwner>(TOwner? Owner, bool IsCertain = true)
    where TOwner : class;
