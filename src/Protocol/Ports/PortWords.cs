using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Ports;

/// <summary>What is said of ports.</summary>
public static class PortWords
{
    public static IReadOnlyList<string> Transports { get; } =
    [Of(Transport.Tcp), Of(Transport.Udp)];

    public static string Of(Transport transport) => transport == Transport.Udp ? "udp" : "tcp";

    public static Transport Parse(string word) =>
        word == Of(Transport.Udp) ? Transport.Udp : Transport.Tcp;

    /// <summary>It has finished without ever listening.</summary>
    public static Refusal TooLate(long jid, Status status, Transport transport, int port) =>
        Refusals.Of(
            RefusalCode.Unspecified,
            jid,
            $"Job {jid} is {StatusWords.Of(status)} and can no longer listen on {Of(transport)} port {port}."
        );

    /// <summary>It listens, but no client can come to it.</summary>
    public static Refusal Unreachable(long jid, JobPort port) =>
        Refusals.Of(
            RefusalCode.NotFound,
            jid,
            $"Job {jid} listens on {Of(port.Transport)} port {port.Port}, but nobody can reach it: {port.Trouble}."
        );

    /// <summary>What it listens on cannot be known.</summary>
    public static Refusal Unreadable(long jid, string why) =>
        Refusals.Of(RefusalCode.NotFound, jid, $"The ports of job {jid} are not known: {why}.");

    public static Refusal NotOneJob() =>
        Refusals.Of(RefusalCode.Usage, 0, "Wait for a port of one job: give a single jid.");

    public static Refusal NoPort(int port) =>
        Refusals.Of(
            RefusalCode.Usage,
            0,
            $"{port} is not a port: give a whole number from 1 to {PortRange.Highest}."
        );
}
