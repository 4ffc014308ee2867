namespace JobCloud.Node.Executor.Processes;

/// <summary>An exited and reaped child.</summary>
/// <param name="Session">The pid of its session's first process.</param>
/// <param name="Status">The status as returned by wait(2).</param>
internal readonly record struct ChildExit(
    int Pid,
    int Session,
    int Status,
    long UserUs,
    long SystemUs,
    long MaxResidentBytes
)
{
    public int Signal => Status & 0x7f;
    public bool CoreDumped => (Status & 0x80) != 0;
    public int Code => (Status >> 8) & 0xff;
}
