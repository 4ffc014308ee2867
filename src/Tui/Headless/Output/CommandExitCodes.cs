using JobCloud.Protocol.PublicJson;

namespace JobCloud.Tui.Headless.Output;

/// <summary>The exit codes of the process, the same in every output format.</summary>
internal static class CommandExitCodes
{
    public const int Success = 0;

    /// <summary>An unexpected failure.</summary>
    public const int Unexpected = ErrorKinds.ExitUnexpected;

    /// <summary>The command line or a request is malformed; nothing was changed.</summary>
    public const int Usage = ErrorKinds.ExitUsage;

    /// <summary>A job failed, the server refused a request, or the time limit expired.</summary>
    public const int Refused = ErrorKinds.ExitRefused;

    /// <summary>A shell adds this to the number of the signal that ended a process.</summary>
    public const int SignalBase = 128;
}
