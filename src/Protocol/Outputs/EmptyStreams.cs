namespace JobCloud.Protocol.Outputs;

/// <summary>Which streams of an ended attempt are empty: nodes keep nothing of those.</summary>
public static class EmptyStreams
{
    /// <summary>Whether nothing was written to it.</summary>
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
            // Messages to the system log may arrive a moment after the end.
            _ => false,
        };

    /// <summary>Whether it may have been empty where nothing of it is kept: nobody has to say that
    /// it was dropped.</summary>
    public static bool MayBeEmpty(Exit? exit, OutputStream stream) =>
        stream == OutputStream.Syslog && exit is { SyslogBytes: 0 };
}
