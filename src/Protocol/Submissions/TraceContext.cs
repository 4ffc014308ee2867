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
    private const int SampledFlag = 1;

    /// <summary>Gives a trace to a job, unless it has one. One that is not valid is
    /// ignored.</summary>
    public static void PutInto(JobSpec spec, string? trace)
    {
        if (trace is not null && IsValid(trace) && !spec.Variables.Any(one => one.Name == Variable))
            spec.Variables.Add(new Variable { Name = Variable, Value = trace });
    }

    /// <summary>The trace of a job; null: it has none.</summary>
    public static TraceParent? Of(JobSpec spec)
    {
        foreach (var variable in spec.Variables)
            if (variable.Name == Variable)
                return IsValid(variable.Value) ? Parse(variable.Value) : null;
        return null;
    }

    private static TraceParent Parse(string trace) =>
        new(
            trace[3..35],
            trace[36..52],
            (Convert.FromHexString(trace[53..Length])[0] & SampledFlag) != 0
        );

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

/// <summary>The trace and the span in it to which something belongs.</summary>
/// <param name="TraceId">In hexadecimal digits, as <paramref name="SpanId"/>.</param>
/// <param name="IsSampled">Whether those who sent it keep the trace.</param>
public sealed record TraceParent(string TraceId, string SpanId, bool IsSampled);
