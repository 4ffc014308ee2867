namespace JobCloud.Node.Executor.Processes;

/// <summary>A child that has ended and was reaped.</summary>
/// <param name="Session">The pid of its session's first process.</param>
/// <param name="Status">As wait(2) gives it.</param>
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
