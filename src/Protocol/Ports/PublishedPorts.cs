using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Ports;

/// <summary>The ports of a job that its submission publishes, as <c>PORT</c>, <c>PORT/tcp</c> or
/// <c>PORT/udp</c>.</summary>
public static class PublishedPorts
{
    /// <summary>Maximum number of one job.</summary>
    public const int Max = 100;

    public static Parsed<PublishedPort> Parse(string text)
    {
        var parts = text.Split('/');
        return
            parts.Length <= 2
            && PortRange.Read(parts[0]) is { } port
            && (parts.Length == 1 || PortMessages.Transports.Contains(parts[1]))
            ? new PublishedPort { Port = port, Transport = PortMessages.Parse(parts[^1]) }
            : new TextError(
                0,
                text.Length,
                $"'{text}' is not a port; give one such as 8000 or 53/udp."
            );
    }

    public static string Print(PublishedPort port) =>
        port.Transport == Transport.Udp
            ? $"{port.Port}/{PortMessages.Of(port.Transport)}"
            : $"{port.Port}";
}
