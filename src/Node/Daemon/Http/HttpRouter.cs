using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Answers the requests of the HTTP API: finds the route, checks the request against it,
/// and has its handler make calls.</summary>
internal sealed class HttpRouter(
    Dispatcher calls,
    BodyReader bodies,
    MetricsCollector metrics,
    TimeProvider clock
)
{
    /// <summary>Whom the node takes the client for: clients compare it with the owners of
    /// jobs.</summary>
    public const string UserHeader = "JobCloud-User";

    private const string Routes = "GET /openapi.json lists them";

    /// <summary>Answers a request whose caller is known.</summary>
    public async Task ServeAsync(HttpContext http, Identity by)
    {
        http.Response.Headers[UserHeader] = Uri.EscapeDataString(by.User);
        HttpError? error;
        try
        {
            error = await AnswerAsync(http, by);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException bad)
        {
            error = HttpError.Of(bad.StatusCode, ErrorKinds.Usage, bad.Message);
        }
        catch (Exception failure)
        {
            error = calls.RefusalOf(failure, http.RequestAborted);
        }
        if (error is not null)
            await HttpAnswers.WriteAsync(http, error);
    }

    private async Task<HttpError?> AnswerAsync(HttpContext http, Identity by)
    {
        var request = http.Request;
        if (request.Headers.Origin.Count > 0)
            return HttpError.Of(
                ErrorKinds.NotAllowed,
                "The request comes from a web page (it has an Origin); the node serves none."
            );
        var target = RequestTarget.Parse(TargetOf(http));
        var found = HttpRoutes.Find(target.Path);
        if (found.Count == 0)
            return HttpError.Of(
                404,
                ErrorKinds.Of(RefusalCode.NotFound),
                $"There is no path {request.Path}; {Routes}."
            );
        var method =
            HttpMethods.IsHead(request.Method) && !found.Any(static one => IsHead(one.Route))
                ? HttpMethods.Get
                : request.Method;
        var allow = string.Join(", ", found.SelectMany(static one => MethodsOf(one.Route)));
        if (HttpMethods.IsOptions(method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            http.Response.Headers.Allow = $"{allow}, OPTIONS";
            return null;
        }
        foreach (var (route, values) in found)
            if (route.Method == method)
                return await AnswerAsync(http, by, target, route, values);
        return HttpError.Of(
            405,
            ErrorKinds.Usage,
            $"{request.Path} does not take {request.Method}; it takes {allow}."
        ) with
        {
            Allow = $"{allow}, OPTIONS",
        };
    }

    private async Task<HttpError?> AnswerAsync(
        HttpContext http,
        Identity by,
        RequestTarget target,
        HttpRoute route,
        IReadOnlyDictionary<string, string> values
    )
    {
        var request = http.Request;
        if (route.Call is { } call && AccessRules.Check(call, by.Role) is { } refused)
            return refused;
        if (MediaTypes.Choose(request.Headers.Accept, route.Answers) is not { } type)
            return HttpError.Of(
                406,
                ErrorKinds.Usage,
                $"{route} answers with {string.Join(" or ", route.Answers)}, which the request does not accept."
            );
        var now = clock.NowMicroseconds();
        var query = target.Read(route, now);
        if (!query.Ok)
            return HttpError.Usage(query.Error.Message);
        var whole = new RouteRequest(
            http,
            route,
            values,
            query.Value,
            type,
            by,
            calls,
            bodies,
            metrics,
            now
        );
        var handler = RouteHandlers.Of(route);
        if (route.TakesBytes)
            return await handler(whole);
        if (!route.TakesJson)
            return HasBody(http)
                ? HttpError.Usage($"{route} takes no body; omit it.")
                : await handler(whole);
        if (!MediaTypes.IsJson(request.ContentType))
            return HttpError.Of(
                415,
                ErrorKinds.Usage,
                $"{route} takes JSON in UTF-8; send the header 'Content-Type: {MediaTypes.Json}' (curl: --json, or -H)."
            );
        var (body, error) = await bodies.ReadAsync(http, by);
        if (body is null)
            return error;
        using (body)
            return await handler(whole with { Body = body.Bytes });
    }

    private static IEnumerable<string> MethodsOf(HttpRoute route) =>
        route.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [route.Method];

    private static bool IsHead(HttpRoute route) => HttpMethods.IsHead(route.Method);

    private static bool HasBody(HttpContext http) =>
        http.Request.ContentLength > 0
        || (
            http.Request.ContentLength is null
            && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
        );

    /// <summary>The target as it was sent, so that an encoded slash stays in its segment.</summary>
    private static string TargetOf(HttpContext http) =>
        http.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] raw
            ? raw
            : $"{http.Request.Path}{http.Request.QueryString}";
}
