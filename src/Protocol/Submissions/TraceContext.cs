namespace JobCloud.Protocol.Submissions;

/// <summary>The trace of which a submission is a part (W3C Trace Context). Jobs get it unchanged,
/// whichever of the submitter's other variables they get.</summary>
public static class TraceContext
{
    /// <summary>The variable of processes.</summary>
    public const string Variable = "TRACEPARENT";

    /// <summary>The header of HTTP requests.</summary>
    public const string Header = "traceparent";

    /// <summary>The length in version 00; later versions may append to it.</summary>
    private const int Length = 55;
    private const int LengthMax = 512;

    /// <summary>Gives a trace to a job, unless it has one. One that is not valid is
    /// ignored.</summary>
    public static void PutInto(JobSpec spec, string? trace)
    {
        if (trace is not null && IsValid(trace) && !spec.Variables.Any(one => one.Name == Variable))
            spec.Variables.Add(new Variable { Name = Variable, Value = trace });
    }

    /// <summary>Whether a text is <c>VERSION-TRACE-SPAN-FLAGS</c>, in lower-case hexadecimal
    /// digits.</summary>
    public static bool IsValid(string trace)
    {
        if (trace.Length is < Length or > LengthMax || trace.Any(c => c is <= ' ' or > '~'))
            return false;
        var (version, traceId, span, flags) = (
            trace[..2],
            trace[3..35],
            trace[36..52],
            trace[53..Length]
        );
        return (trace[2], trace[35], trace[52]) == ('-', '-', '-')
            && $"{version}{traceId}{span}{flags}".All(char.IsAsciiHexDigitLower)
            && version != "ff"
            && traceId.Any(c => c != '0')
            && span.Any(c => c != '0')
            && (trace.Length == Length || (version != "00" && trace[Length] == '-'));
    }
}
