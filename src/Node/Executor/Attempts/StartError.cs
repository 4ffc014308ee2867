namespace JobCloud.Node.Executor.Attempts;

/// <summary>The reason why a process could not be started.</summary>
/// <param name="Why">A sentence without its full stop.</param>
/// <param name="IsPassing">Whether the node lacks something for now; otherwise, the job would fail
/// again.</param>
internal sealed record StartError(string Why, bool IsPassing = false)
{
    public static implicit operator StartError?(string? why) => why is null ? null : new(why);
}
