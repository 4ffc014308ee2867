using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Lists a directory of a job, or sends a file of it.</summary>
internal static class FilesRoute
{
    public static async Task<HttpError?> AnswerAsync(RouteRequest request)
    {
        var job = request.Job;
        if (!job.Ok)
            return HttpError.Usage(job.Error.Message);
        var message = new FilesRequest
        {
            Jid = job.Value,
            Attempt = (int)(request.Query.Number("attempt") ?? 0),
            Path = request.Query.Text("path") ?? "",
        };
        var (attempt, entries) = (0, new List<FileEntry>());
        var isFile = false;
        var refusal = await request.AnswerAsync(
            CloudCalls.Files,
            message,
            async part =>
            {
                attempt = part.Attempt;
                entries.AddRange(part.Entries);
                if (part.IsDirectory)
                    return;
                if (!isFile)
                    HttpAnswers.Begin(request.Http, request.Route.Success, MediaTypes.Bytes);
                isFile = true;
                await RouteOutput.WriteAsync(request, part.Data.Memory);
            },
            request.Cancel
        );
        if (refusal is not null)
            return refusal;
        if (!isFile)
            await HttpAnswers.WriteAsync(
                request.Http,
                request.Route.Success,
                DocumentWriter.Line(FilesDocument.Of(message, attempt, entries)),
                MediaTypes.Json
            );
        return null;
    }
}
