using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Outputs;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Searches the output of a job, no faster than the client reads. It reads the output as
/// a client would, so the same rules apply.</summary>
/// <param name="read">Streams the output.</param>
internal sealed class SearchHandler(
    Func<OutputRequest, Identity, CancellationToken, IAsyncEnumerable<Outcome<OutputChunk>>> read
)
{
    /// <summary>The bytes searched between two replies, if nothing matches.</summary>
    private const int ReportBytes = 1 << 20;

    /// <summary>Limits the cores that all searches use at a time.</summary>
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    public async IAsyncEnumerable<Outcome<SearchReply>> SearchAsync(
        SearchRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var pattern = LinePattern.Parse(request.Pattern, request.Regex);
        if (!pattern.Ok)
        {
            yield return Refusals.Of(RefusalCode.Usage, pattern.Error.Message);
            yield break;
        }
        var progress = new Progress(pattern.Value, request.Texts);
        await foreach (var part in read(request.Output ?? new(), by, cancel))
        {
            if (!part.IsGranted)
            {
                yield return part.Refusal;
                yield break;
            }
            var answer = await TakeAsync(progress, part.Reply, cancel);
            if (answer is { } reply)
                yield return reply;
            if (answer is { IsGranted: false })
                yield break;
        }
    }

    private async Task<Outcome<SearchReply>?> TakeAsync(
        Progress progress,
        OutputChunk chunk,
        CancellationToken cancel
    )
    {
        await _turns.WaitAsync(cancel);
        try
        {
            return progress.Take(chunk) is { } reply ? reply : (Outcome<SearchReply>?)null;
        }
        catch (RegexMatchTimeoutException)
        {
            return Refusals.Of(
                RefusalCode.Usage,
                "The regular expression takes too long on a line; use a simpler one."
            );
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>The state of one search.</summary>
    private sealed class Progress(LinePattern pattern, bool hasTexts)
    {
        private LineSearch? _search;
        private SearchReply _next = new();
        private int _attempt;
        private long _reported;

        /// <summary>Searches a chunk; null: nothing to report yet.</summary>
        public SearchReply? Take(OutputChunk chunk)
        {
            if (_search is null || chunk.Attempt != _attempt)
                _search = new(pattern, chunk.Offset);
            else if (!chunk.End && chunk.Offset != _search.Searched)
                _search.MoveTo(chunk.Offset, Add);
            (_attempt, _next.Size) = (chunk.Attempt, Math.Max(_next.Size, chunk.Size));
            if (chunk.Dropped > 0)
                (_next.Dropped, _next.DroppedWhy, _next.KeptFrom) = (
                    chunk.Dropped,
                    chunk.DroppedWhy,
                    chunk.Offset
                );
            _search.Add(chunk.Data.Memory, Add);
            if (chunk.End)
                _search.Finish(Add);
            var isDue =
                chunk.End
                || _next.Matches.Count > 0
                || _next.Dropped > 0
                || _search.Searched >= _next.Size
                || _search.Searched - _reported >= ReportBytes;
            return isDue ? Report(_search, chunk) : null;
        }

        private SearchReply Report(LineSearch search, OutputChunk chunk)
        {
            var reply = _next;
            (reply.Searched, reply.Lines, reply.Count) = (
                search.Searched,
                search.Lines,
                search.Count
            );
            reply.Next = search.LineOffset;
            (reply.Attempt, reply.Jid, reply.End) = (chunk.Attempt, chunk.Jid, chunk.End);
            (_reported, _next) = (search.Searched, new SearchReply());
            return reply;
        }

        private void Add(MatchingLine match) =>
            _next.Matches.Add(
                new SearchMatch
                {
                    Line = match.Line,
                    Offset = match.Offset,
                    Text = hasTexts ? ByteString.CopyFrom(match.Text.Span) : ByteString.Empty,
                }
            );
    }
}
