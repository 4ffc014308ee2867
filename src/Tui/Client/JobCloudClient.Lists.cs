using System.Text.Json;
using JobCloud.Client.Errors;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Wire;

namespace JobCloud.Client;

public sealed partial class JobCloudClient
{
    /// <summary>Lists jobs, newest first; a map is one row.</summary>
    /// <param name="options">Which jobs; null: the newest 50 rows.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="JobCloudException"><c>usage</c>: the query is wrong.</exception>
    public Task<JobPage> ListAsync(ListOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new ListOptions();
        return CallAsync(
            async () =>
            {
                var query = ListPage.Query(options.Query, options.After);
                if (!query.Ok)
                    throw new ClientErrorException(ClientError.Usage(query.Error.Message));
                var request = new ListRequest
                {
                    Query = query.Value,
                    Limit = options.Limit ?? 0,
                    Expand = options.Expand,
                    Deleted = options.Deleted,
                };
                var reply = await _cloud.Api.ListAsync(request, _cloud.UnaryOptions(cancel));
                var now = TimeProvider.System.NowMicroseconds();
                var rows = ElementOf(ListDocument.Of(reply, now)).GetProperty("jobs");
                return new JobPage(
                    [
                        .. reply.Rows.Zip(
                            rows.EnumerateArray(),
                            static (row, fields) => new JobPageRow(row.First, row.Last, fields)
                        ),
                    ],
                    reply.Truncated
                );
            },
            cancel
        );
    }

    /// <summary>Lists the nodes of the cloud.</summary>
    /// <param name="cancel">Ends the call.</param>
    public Task<IReadOnlyList<CloudNode>> GetNodesAsync(CancellationToken cancel = default) =>
        CallAsync<IReadOnlyList<CloudNode>>(
            async () =>
            {
                var reply = await _cloud.Api.NodesAsync(new(), _cloud.UnaryOptions(cancel));
                var nodes = ElementOf(NodesDocument.Of(reply)).GetProperty("nodes");
                return
                [
                    .. reply.Nodes.Zip(
                        nodes.EnumerateArray(),
                        static (node, facts) => new CloudNode(node.Name, node.State, facts)
                    ),
                ];
            },
            cancel
        );

    /// <summary>Changes the priority of jobs that have not ended.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="priority">The new priority; lower runs first.</param>
    /// <param name="cancel">Ends the call.</param>
    public Task<JobChanges> PrioritizeAsync(
        JobSelection jobs,
        int priority,
        CancellationToken cancel = default
    ) =>
        ChangeAsync(
            (selection, options) =>
                _cloud.Api.PrioritizeAsync(
                    new() { Jobs = selection, Priority = priority },
                    options
                ),
            jobs,
            cancel
        );

    private static JsonElement ElementOf(PublicDocument document)
    {
        var reader = new Utf8JsonReader(DocumentWriter.Line(document));
        return JsonElement.ParseValue(ref reader);
    }
}
