namespace JobCloud.Protocol.Outputs;

/// <summary>Detects empty streams of an ended attempt, which nodes do not keep.</summary>
public static class EmptyStreams
{
    /// <summary>Whether the attempt wrote nothing to a stream.</summary>
    /// <param name="exit">Null: the attempt has not ended.</param>
    public static bool IsEmpty(Exit? exit, OutputStream stream) =>
        exit is not null
        && stream switch
        {
            OutputStream.Stdout => exit.StdoutBytes == 0,
            OutputStream.Stderr => exit.StderrBytes == 0,
            OutputStream.Result => exit.ResultBytes == 0,
            OutputStream.Logging => exit.LoggingBytes == 0,
            OutputStream.Profile => exit.ProfileBytes == 0,
            OutputStream.Exception => exit.ExceptionBytes == 0,
            // Messages to the system log may arrive a moment after the end.
            _ => false,
        };

    /// <summary>Whether a stream that is not kept may have been empty, so that it need not be
    /// reported as dropped.</summary>
    public static bool MayBeEmpty(Exit? exit, OutputStream stream) =>
        stream == OutputStream.Syslog && exit is { SyslogBytes: 0 };
}
