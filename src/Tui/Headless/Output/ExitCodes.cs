namespace JobCloud.Tui.Headless.Output;

/// <summary>What the process ends with; the same in every output format.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Something nobody foresaw.</summary>
    public const int Unexpected = 1;

    /// <summary>The command line or a request is malformed; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>A job or the server said no, or the time was up.</summary>
    public const int Refused = 3;

    /// <summary>What a shell adds to the number of the signal that ended a process.</summary>
    public const int SignalBase = 128;
}
