using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Ports;

/// <summary>Names and refusals concerning ports.</summary>
public static class PortMessages
{
    public static IReadOnlyList<string> Transports { get; } =
    [Of(Transport.Tcp), Of(Transport.Udp)];

    public static string Of(Transport transport) => transport == Transport.Udp ? "udp" : "tcp";

    public static Transport Parse(string word) =>
        word == Of(Transport.Udp) ? Transport.Udp : Transport.Tcp;

    /// <summary>The job finished without listening.</summary>
    public static Refusal TooLate(Jid jid, Status status, Transport transport, int port) =>
        Refusals.Of(
            RefusalCode.Unspecified,
            jid,
            $"Job {jid} is {StatusNames.Of(status)} and can no longer listen on {Of(transport)} port {port}."
        );

    /// <summary>The job listens, but clients cannot reach it.</summary>
    public static Refusal Unreachable(Jid jid, JobPort port) =>
        Refusals.Of(
            RefusalCode.NotFound,
            jid,
            $"Job {jid} listens on {Of(port.Transport)} port {port.Port}, but clients cannot reach it: {port.Trouble}."
        );

    /// <summary>The reason why clients cannot reach a port of a private network.</summary>
    public static string NotPublished(Transport transport, int port) =>
        $"it is not published; submit the job with --publish {PublishedPorts.Print(new() { Transport = transport, Port = port })}";

    /// <summary>The ports of the job are unknown.</summary>
    public static Refusal Unreadable(Jid jid, string why) =>
        Refusals.Of(RefusalCode.NotFound, jid, $"The ports of job {jid} are unknown: {why}.");

    public static Refusal NotOneJob() =>
        Refusals.Of(
            RefusalCode.Usage,
            "Waiting for a port takes exactly one job; give a single jid."
        );

    public static Refusal NoPort(int port) =>
        Refusals.Of(
            RefusalCode.Usage,
            $"{port} is not a valid port; use a number from 1 to {PortRange.Highest}."
        );
}
