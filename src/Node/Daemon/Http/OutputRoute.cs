using System.Globalization;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Http;
using JobCloud.Protocol.Text;
using Microsoft.AspNetCore.Http;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Sends a stream of a job as it is, whole, a range of it, or the lines that match a
/// pattern.</summary>
internal static class OutputRoute
{
    /// <summary>The bytes before the first one sent that are no longer kept.</summary>
    private const string Dropped = "JobCloud-Dropped";

    public static async Task<HttpError?> AnswerAsync(RouteRequest request)
    {
        var job = request.Job;
        if (!job.Ok)
            return HttpError.Usage(job.Error.Message);
        if (OutputStreamNames.Find(request.Values["stream"]) is not { } stream)
            return HttpError.Usage(
                $"Unknown stream '{request.Values["stream"]}': {Suggestions.Hint(request.Values["stream"], OutputStreamNames.All)}"
            );
        var query = request.Query;
        var message = new OutputRequest
        {
            Jid = job.Value,
            Stream = stream,
            Attempt = (int)(query.Number("attempt") ?? 0),
            Follow = query.Flag("follow") && !request.IsHead,
            TailLines = query.Number("tail") ?? 0,
            Since = query.Instant("since") ?? 0,
        };
        if (message is { TailLines: > 0, Since: > 0 })
            return HttpError.Usage("'tail' and 'since' are mutually exclusive; use one.");
        if (query.Text("grep") is { } pattern)
            return await SearchRoute.AnswerAsync(request, message, pattern);
        if (query.Flag("regex"))
            return HttpError.Usage("'regex' needs 'grep'.");
        var isPart = message.Follow || message.TailLines > 0 || message.Since > 0;
        var headers = request.Http.Request.Headers;
        // Nothing identifies a version of a stream, so no condition on one holds.
        var range = isPart || headers.IfRange.Count > 0 ? null : ByteRange.Parse(headers.Range);
        message.Offset = range?.First ?? 0;
        return await SendAsync(request, message, range, !isPart);
    }

    /// <summary>Says how many bytes before the first one sent are missing, if any are.</summary>
    public static void AddDropped(HttpResponse response, long bytes)
    {
        if (bytes > 0)
            response.Headers[Dropped] = bytes.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<HttpError?> SendAsync(
        RouteRequest request,
        OutputRequest message,
        ByteRange? range,
        bool isSized
    )
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel);
        var answer = new OutputAnswer(request, range, isSized);
        var refusal = await request.AnswerAsync(
            CloudCalls.Output,
            message,
            async chunk =>
            {
                await answer.AddAsync(chunk);
                if (answer.IsComplete)
                    await enough.CancelAsync();
            },
            enough.Token
        );
        if (answer.IsComplete)
            return null;
        return refusal is null ? await answer.CompleteAsync() : refusal;
    }

    /// <summary>The answer to one request.</summary>
    /// <param name="isSized">Whether its size is known from the start: it is all bytes that there
    /// are now.</param>
    private sealed class OutputAnswer(RouteRequest request, ByteRange? range, bool isSized)
    {
        private bool _hasBegun;
        private long _next;
        private long _left;
        private long _size;

        /// <summary>Whether all wanted bytes are sent.</summary>
        public bool IsComplete { get; private set; }

        public async Task AddAsync(OutputChunk chunk)
        {
            _size = Math.Max(_size, chunk.Size);
            if (chunk.Data.IsEmpty)
                return;
            if (!_hasBegun && !Begin(chunk))
                return;
            if (isSized && chunk.Offset != _next)
            {
                // The middle is lost: the answer is cut off, so that its reader sees it.
                request.Http.Abort();
                IsComplete = true;
                return;
            }
            var data = chunk.Data.Memory;
            if (isSized && data.Length > _left)
                data = data[..(int)_left];
            _next = chunk.Offset + data.Length;
            _left -= data.Length;
            await RouteOutput.WriteAsync(request, data);
            IsComplete = isSized && _left == 0;
        }

        /// <summary>Ends the answer to a stream that has ended.</summary>
        public async Task<HttpError?> CompleteAsync()
        {
            if (_hasBegun)
            {
                if (isSized)
                    request.Http.Abort();
                return null;
            }
            var response = request.Http.Response;
            if (range is null)
            {
                HttpAnswers.Begin(request.Http, request.Route.Success, request.Type);
                if (isSized)
                    response.ContentLength = 0;
            }
            else
                Unsatisfiable(_size);
            await response.StartAsync(request.Cancel);
            return null;
        }

        /// <summary>Writes the headers; false: the range covers nothing.</summary>
        private bool Begin(OutputChunk chunk)
        {
            var response = request.Http.Response;
            var size = Math.Max(chunk.Size, chunk.Offset + chunk.Data.Length);
            var (first, last) = (chunk.Offset, size - 1);
            if (range is { } wanted)
            {
                last = Math.Min(last, wanted.Last ?? last);
                if (last < first)
                {
                    Unsatisfiable(size);
                    IsComplete = true;
                    return false;
                }
            }
            _hasBegun = true;
            (_next, _left) = (first, last - first + 1);
            HttpAnswers.Begin(
                request.Http,
                range is null ? request.Route.Success : StatusCodes.Status206PartialContent,
                request.Type
            );
            response.Headers.AcceptRanges = "bytes";
            AddDropped(response, chunk.Dropped);
            if (range is not null)
                response.Headers.ContentRange = $"bytes {first}-{last}/{size}";
            if (isSized)
                response.ContentLength = _left;
            return true;
        }

        private void Unsatisfiable(long size)
        {
            var response = request.Http.Response;
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.ContentLength = 0;
            response.Headers.ContentRange = $"bytes */{size}";
        }
    }
}
