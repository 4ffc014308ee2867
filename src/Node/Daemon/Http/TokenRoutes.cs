using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Shows and changes access tokens.</summary>
internal static class TokenRoutes
{
    public static Task<HttpError?> ListAsync(RouteRequest request) =>
        request.DocumentAsync(
            CloudCalls.Tokens,
            new TokensRequest(),
            reply => TokensDocument.Of(reply, request.Now)
        );

    public static async Task<HttpError?> CreateAsync(RouteRequest request)
    {
        var members = BodyMembers.Read(request.Route, request.Body.Span, request.Now);
        if (!members.Ok)
            return HttpError.Usage(members.Error.Message);
        var given = members.Value;
        var message = new CreateTokenRequest
        {
            Name = given.Text("name") ?? "",
            User = given.Text("user") ?? "",
            RunAs = given.Text("run_as") ?? "",
            Role = RoleNames.Parse(given.Text("role") ?? RoleNames.Of(Protocol.Role.User)),
            LifetimeMs = (long)(given.Duration("expires")?.TotalMilliseconds ?? 0),
        };
        return AccessTokenRules.Validate(message) is { } problem
            ? problem
            : await request.DocumentAsync(CloudCalls.CreateToken, message, CreatedTokenDocument.Of);
    }

    public static Task<HttpError?> RevokeAsync(RouteRequest request)
    {
        var name = request.Values["name"];
        return request.DocumentAsync(
            CloudCalls.RevokeToken,
            new RevokeTokenRequest { Name = name },
            _ => new NameDocument(name)
        );
    }
}
