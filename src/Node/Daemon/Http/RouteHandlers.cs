using JobCloud.Protocol.Http;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Answers a request; returns the error if it could not.</summary>
internal delegate Task<HttpError?> RouteHandler(RouteRequest request);

/// <summary>The handler of each route.</summary>
internal static class RouteHandlers
{
    private static readonly Dictionary<string, RouteHandler> ById = new()
    {
        ["submitJobs"] = SubmissionRoute.SubmitAsync,
        ["listJobs"] = JobRoutes.ListAsync,
        ["activity"] = JobRoutes.ActivityAsync,
        ["jobStatus"] = JobRoutes.StatusAsync,
        ["jobInfo"] = JobRoutes.InfoAsync,
        ["jobPorts"] = JobRoutes.PortsAsync,
        ["jobResults"] = ResultsRoute.AnswerAsync,
        ["waitForJobs"] = WaitRoute.AnswerAsync,
        ["jobEnds"] = EndsRoute.AnswerAsync,
        ["waitForJob"] = WaitForRoute.AnswerAsync,
        ["jobEvents"] = EventsRoute.OfJobsAsync,
        ["allEvents"] = EventsRoute.OfAllAsync,
        ["jobOutput"] = OutputRoute.AnswerAsync,
        ["jobFiles"] = FilesRoute.AnswerAsync,
        ["explainJob"] = JobRoutes.ExplainAsync,
        ["killJobs"] = ChangeRoutes.KillAsync,
        ["retryJobs"] = ChangeRoutes.RetryAsync,
        ["prioritizeJobs"] = ChangeRoutes.PrioritizeAsync,
        ["deleteJobs"] = ChangeRoutes.DeleteAsync,
        ["putBlob"] = BlobRoutes.PutAsync,
        ["findBlob"] = BlobRoutes.FindAsync,
        ["purgeJobs"] = PurgeRoute.PurgeAsync,
        ["listNodes"] = NodeRoutes.ListAsync,
        ["forecast"] = NodeRoutes.ForecastAsync,
        ["drainNode"] = NodeRoutes.DrainAsync,
        ["undrainNode"] = NodeRoutes.UndrainAsync,
        ["nodeStatus"] = NodeRoutes.StatusAsync,
        ["listEnvironments"] = DefinitionRoutes.ListAsync,
        ["showEnvironment"] = DefinitionRoutes.ShowAsync,
        ["putEnvironment"] = DefinitionRoutes.PutAsync,
        ["deleteEnvironment"] = DefinitionRoutes.DeleteAsync,
        ["listVolumes"] = DefinitionRoutes.ListAsync,
        ["showVolume"] = DefinitionRoutes.ShowAsync,
        ["putVolume"] = DefinitionRoutes.PutAsync,
        ["deleteVolume"] = DefinitionRoutes.DeleteAsync,
        ["listTokens"] = TokenRoutes.ListAsync,
        ["createToken"] = TokenRoutes.CreateAsync,
        ["revokeToken"] = TokenRoutes.RevokeAsync,
        ["openApi"] = NodeRoutes.OpenApiAsync,
        ["metrics"] = NodeRoutes.MetricsAsync,
        ["isAlive"] = NodeRoutes.AliveAsync,
        ["isReady"] = NodeRoutes.ReadyAsync,
    };

    public static RouteHandler Of(HttpRoute route) => ById[route.Id];

    /// <summary>The routes that have a handler.</summary>
    public static IReadOnlyCollection<string> Ids => ById.Keys;
}
