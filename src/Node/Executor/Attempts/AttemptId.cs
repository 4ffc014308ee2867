namespace JobCloud.Node.Executor.Attempts;

/// <summary>One attempt of one job.</summary>
internal readonly record struct AttemptId(long Jid, int Number)
{
    public override string ToString() => $"{Jid}.{Number}";
}
