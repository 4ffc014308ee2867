using System.Globalization;
using JobCloud.Client.Errors;
using JobCloud.Protocol.Api;

namespace JobCloud.Client;

/// <summary>Some jobs, as a jid list: <c>3,7,10-19</c>, <c>last</c>, <c>all</c>,
/// <c>unfinished</c>, <c>failed</c>, <c>label:night</c>, <c>status:queued</c>,
/// <c>map:12</c>.</summary>
/// <param name="Notation">The jobs in this notation.</param>
public readonly record struct JobSelection(string Notation)
{
    /// <summary>Jobs as a jid list.</summary>
    public static implicit operator JobSelection(string notation) => new(notation);

    /// <summary>One job.</summary>
    public static implicit operator JobSelection(long jid) =>
        new(jid.ToString(CultureInfo.InvariantCulture));

    /// <summary>The jobs of a submission.</summary>
    public static implicit operator JobSelection(SubmittedJobs jobs) => new(jobs.Jids);

    /// <summary>The notation.</summary>
    public override string ToString() => Notation ?? "";

    internal Selection Parse()
    {
        var parsed = Protocol.Notation.JidNotation.Parse(ToString());
        return parsed.Ok
            ? parsed.Value
            : throw new ClientErrorException(ClientError.Usage(parsed.Error.Message));
    }
}
