using System.Buffers;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Sends the lines of a stream that match a pattern, each with a line end.</summary>
internal static class SearchRoute
{
    public static async Task<HttpError?> AnswerAsync(
        RouteRequest request,
        OutputRequest output,
        string pattern
    )
    {
        var answer = new MatchingLines(request, isWhole: !output.Follow);
        var refusal = await request.AnswerAsync(
            CloudCalls.Search,
            new SearchRequest
            {
                Output = output,
                Pattern = pattern,
                Regex = request.Query.Flag("regex"),
                Texts = true,
            },
            answer.AddAsync,
            request.Cancel
        );
        if (refusal is not null)
            return refusal;
        answer.Begin();
        return null;
    }

    /// <summary>The answer to one request.</summary>
    /// <param name="isWhole">Whether it is cut off where the middle of the stream is lost.</param>
    private sealed class MatchingLines(RouteRequest request, bool isWhole)
    {
        private bool _hasBegun;
        private long _dropped;

        public async ValueTask AddAsync(SearchReply reply)
        {
            if (_hasBegun && isWhole && reply.Dropped > 0)
                request.Http.Abort();
            _dropped += reply.Dropped;
            if (reply.Matches.Count == 0)
                return;
            Begin();
            var body = request.Http.Response.BodyWriter;
            foreach (var match in reply.Matches)
            {
                body.Write(match.Text.Span);
                body.Write("\n"u8);
            }
            await body.FlushAsync(request.Cancel);
        }

        public void Begin()
        {
            if (_hasBegun)
                return;
            _hasBegun = true;
            HttpAnswers.Begin(request.Http, request.Route.Success, request.Type);
            OutputRoute.AddDropped(request.Http.Response, _dropped);
        }
    }
}
