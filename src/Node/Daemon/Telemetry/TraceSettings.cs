using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>Settings of traces (<c>jobcloud.traces</c>).</summary>
internal sealed record TraceSettings
{
    private const string DefaultPath = "/v1/traces";

    /// <summary>Where spans are sent; null: nowhere.</summary>
    public Uri? Endpoint { get; init; }

    internal static TraceSettings Read(SettingsReader read)
    {
        read.Section(
            "jobcloud.traces",
            "Spans of jobs, sent to an OpenTelemetry collector. They contain jids, labels, owners and nodes of jobs, and no "
                + "commands, variables or outputs."
        );
        var endpoint = read.Text(
            "jobcloud.traces.endpoint",
            "",
            "The collector, such as http://127.0.0.1:4318 (OTLP over HTTP, protobuf; "
                + $"a URL without a path gets {DefaultPath}). If empty, the node sends no spans.",
            "empty, or a URL such as http://127.0.0.1:4318",
            static text => text.Length == 0 || Parse(text) is not null
        );
        return new() { Endpoint = Parse(endpoint) };
    }

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { Scheme: "http" or "https", UserInfo: "", Fragment: "" }
            ? url.PathAndQuery == "/"
                ? new Uri(url, DefaultPath)
                : url
            : null;
}
