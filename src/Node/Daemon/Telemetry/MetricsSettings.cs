using System.Net;
using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>Settings of the plain endpoint of metrics (<c>jobcloud.metrics</c>).</summary>
internal sealed record MetricsSettings
{
    private const string Loopback = "127.0.0.1";

    /// <summary>Null: there is no such endpoint.</summary>
    public IPEndPoint? Address { get; init; }

    internal static MetricsSettings Read(SettingsReader read)
    {
        read.Section(
            "jobcloud.metrics",
            "A separate endpoint for Prometheus: HTTP without TLS and without tokens, with /metrics, /healthz "
                + "and /readyz. It shows figures for the whole node, and no names of jobs or users."
        );
        var port = read.Count(
            "jobcloud.metrics.port",
            0,
            "TCP port of the endpoint; 0: none.",
            least: 0,
            most: IPEndPoint.MaxPort
        );
        var address = read.Text(
            "jobcloud.metrics.address",
            Loopback,
            "The IP address that it listens on. By default only this machine reaches it.",
            "an IP address such as 127.0.0.1 or 0.0.0.0",
            static text => IPAddress.TryParse(text, out _)
        );
        return new()
        {
            Address =
                port > 0 && IPAddress.TryParse(address, out var ip)
                    ? new IPEndPoint(ip, port)
                    : null,
        };
    }
}
