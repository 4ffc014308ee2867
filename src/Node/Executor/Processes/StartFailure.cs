namespace JobCloud.Node.Executor.Processes;

/// <summary>A pipe on which <see cref="AccountProgram"/> reports why it could not become the
/// program. The program itself never has it.</summary>
/// <param name="Program">The program, for messages.</param>
internal sealed unsafe record StartFailure(string Program, int ReadFd)
{
    /// <summary>The errno that was reported; 0: none. To be called once, when the process has
    /// ended.</summary>
    public int Take()
    {
        var error = 0;
        var count = Libc.read(ReadFd, (byte*)&error, sizeof(int));
        _ = Libc.close(ReadFd);
        return count == sizeof(int) ? error : 0;
    }
}
