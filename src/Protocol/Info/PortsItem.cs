using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Ports;

namespace JobCloud.Protocol.Info;

/// <summary>The ports of a job, as <c>{"tcp": {"8000": {"address": …, "port": …}}, "udp":
/// {}}</c>.</summary>
internal static class PortsItem
{
    public static InfoValue? Of(JobDetail job) =>
        job.Status != Status.Processing ? InfoAbsence.OfNow(job)
        : job.Ports is not { } ports ? null
        : new InfoValue.Object([
            .. PortMessages.Transports.Select(word =>
                KeyValuePair.Create<string, InfoValue>(word, Of(ports, word))
            ),
        ]);

    private static InfoValue.Object Of(JobPorts ports, string transport) =>
        new([
            .. ports
                .Ports.Where(port => PortMessages.Of(port.Transport) == transport)
                .Select(port =>
                    KeyValuePair.Create<string, InfoValue>(
                        port.Port.ToString(CultureInfo.InvariantCulture),
                        Of(port)
                    )
                ),
        ]);

    private static InfoValue.Object Of(JobPort port) =>
        port is { Trouble.Length: > 0, Address.Length: > 0 }
            ? new([
                new("inside", new InfoValue.Text(port.Address)),
                new("unreachable", new InfoValue.Text(port.Trouble)),
            ])
        : port.Trouble.Length > 0 ? new([new("unreachable", new InfoValue.Text(port.Trouble))])
        : new([
            new("address", new InfoValue.Text(port.Address)),
            new("port", new InfoValue.Number(port.ReachedPort)),
        ]);
}
