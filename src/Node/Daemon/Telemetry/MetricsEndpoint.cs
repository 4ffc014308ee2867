using System.Net;
using System.Net.Sockets;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>The plain endpoint of metrics: serves /metrics, /healthz and /readyz, and nothing
/// else.</summary>
internal sealed class MetricsEndpoint : IAsyncDisposable
{
    private const int MaxConnections = 32;
    private static readonly TimeSpan RequestWithin = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private MetricsEndpoint(WebApplication app) => _app = app;

    /// <param name="isReady">Whether the node answers all calls.</param>
    /// <exception cref="CannotStartException">The address cannot be used.</exception>
    public static async Task<MetricsEndpoint> StartAsync(
        IPEndPoint address,
        MetricsCollector metrics,
        Func<bool> isReady,
        CancellationToken cancel
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxConcurrentConnections = MaxConnections;
                kestrel.Limits.MaxRequestBodySize = 0;
                kestrel.Limits.RequestHeadersTimeout = RequestWithin;
                kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
            });
        var app = builder.Build();
        app.Run(http => ServeAsync(http, metrics, isReady));
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception e) when (e is IOException or SocketException or AddressInUseException)
        {
            await app.DisposeAsync();
            throw new CannotStartException(
                $"Cannot listen on {address} (jobcloud.metrics.port): {e.Message}"
            );
        }
        return new MetricsEndpoint(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static Task ServeAsync(HttpContext http, MetricsCollector metrics, Func<bool> isReady)
    {
        var response = http.Response;
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = HttpMethods.Get;
            return Task.CompletedTask;
        }
        switch (http.Request.Path.Value)
        {
            case "/metrics":
                response.ContentType = MetricText.MediaType;
                return metrics.WriteAsync(response.BodyWriter, http.RequestAborted);
            case "/healthz":
                return response.WriteAsync("ok\n");
            case "/readyz" when isReady():
                return response.WriteAsync("ready\n");
            case "/readyz":
                response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return response.WriteAsync("not ready\n");
            default:
                response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }
}
