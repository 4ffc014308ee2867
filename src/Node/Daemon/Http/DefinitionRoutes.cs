using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Shows and changes environments and volumes.</summary>
internal static class DefinitionRoutes
{
    public static Task<HttpError?> ListAsync(RouteRequest request)
    {
        var kind = KindOf(request.Route);
        return request.DocumentAsync(
            CloudCalls.Definitions,
            new DefinitionsRequest { Kind = kind },
            reply => DefinitionDocuments.Of(kind, reply)
        );
    }

    public static Task<HttpError?> ShowAsync(RouteRequest request) =>
        request.DocumentAsync(
            CloudCalls.Definitions,
            Named(request),
            static reply => DefinitionDocuments.Of(reply.Definitions[0])
        );

    public static async Task<HttpError?> PutAsync(RouteRequest request)
    {
        var members = BodyMembers.Read(request.Route, request.Body.Span, request.Now);
        if (!members.Ok)
            return HttpError.Usage(members.Error.Message);
        var definition = DefinitionOf(request, members.Value);
        if (!definition.Ok)
            return HttpError.Usage(definition.Error.Message);
        var present = await request.AskAsync(CloudCalls.Definitions, Named(request));
        if (!present.IsGranted && present.Refusal.Code != RefusalCode.NotFound)
            return present.Refusal;
        return await request.DocumentAsync(
            CloudCalls.Define,
            new DefineRequest
            {
                Definition = definition.Value,
                Replaces = present.Reply?.Definitions[0],
            },
            static reply => DefinitionDocuments.Of(reply.Definitions[0])
        );
    }

    public static Task<HttpError?> DeleteAsync(RouteRequest request)
    {
        var named = Named(request);
        return request.DocumentAsync(
            CloudCalls.Undefine,
            new UndefineRequest { Kind = named.Kind, Name = named.Name },
            _ => new NameDocument(named.Name)
        );
    }

    private static DefinitionsRequest Named(RouteRequest request) =>
        new() { Kind = KindOf(request.Route), Name = request.Values["name"] };

    private static DefinitionKind KindOf(HttpRoute route) =>
        route.Template.Text.StartsWith("/v1/volumes", StringComparison.Ordinal)
            ? DefinitionKind.Volume
            : DefinitionKind.Environment;

    private static Parsed<Definition> DefinitionOf(RouteRequest request, RouteArguments given)
    {
        var name = request.Values["name"];
        if (KindOf(request.Route) == DefinitionKind.Volume)
            return new Definition
            {
                Volume = new VolumeDefinition
                {
                    Name = name,
                    Directory = given.Text("directory") ?? "",
                    MountPath = given.Text("mount_path") ?? "",
                    ReadOnly = given.Flag("read_only"),
                },
            };
        var environment = new EnvironmentDefinition
        {
            Name = name,
            Setup = given.Text("setup") ?? "",
            Root = given.Text("root") ?? "",
            ReadOnly = given.Flag("read_only"),
        };
        environment.Path.AddRange(given.Texts("path"));
        foreach (var text in given.Texts("variables"))
        {
            var variable = VariableText.Parse(text, RemoteSource.Instance);
            if (!variable.Ok)
                return variable.Error;
            environment.Variables.Add(variable.Value);
        }
        return new Definition { Environment = environment };
    }
}
