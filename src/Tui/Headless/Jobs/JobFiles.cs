using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Headless.Jobs;

/// <summary>A file, or the entries of a directory, in a job's own directory. If the node becomes
/// unavailable, the reader continues at the same position.</summary>
internal sealed class JobFiles : IDisposable
{
    private readonly CloudConnection _cloud;
    private AsyncServerStreamingCall<FilesReply> _call;
    private FilesReply _first = new();

    private JobFiles(CloudConnection cloud, FilesRequest request)
    {
        (_cloud, Request) = (cloud, request);
        _call = cloud.Api.Files(request, cloud.StreamOptions());
    }

    public FilesRequest Request { get; }
    public long Jid => Request.Jid;
    public int Attempt => _first.Attempt;
    public bool IsDirectory => _first.IsDirectory;

    /// <summary>The working directory of the job; empty: its own directory.</summary>
    public string Elsewhere => _first.Elsewhere;

    /// <summary>Reads what the path is.</summary>
    public static async Task<JobFiles> OpenAsync(CloudConnection cloud, FilesRequest request)
    {
        var files = new JobFiles(cloud, request);
        try
        {
            if (await files._call.ResponseStream.MoveNext(CancellationToken.None))
                files._first = files._call.ResponseStream.Current;
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public async Task<List<FileEntry>> EntriesAsync()
    {
        List<FileEntry> entries = [.. _first.Entries];
        await ReadRestAsync(() => entries.Count, reply => entries.AddRange(reply.Entries));
        return entries;
    }

    /// <summary>Copies the whole file.</summary>
    public async Task CopyAsync(Stream target)
    {
        long next = _first.Data.Length;
        target.Write(_first.Data.Span);
        await ReadRestAsync(
            () => next,
            reply =>
            {
                target.Write(reply.Data.Span);
                next += reply.Data.Length;
            }
        );
        target.Flush();
    }

    public void Dispose() => _call.Dispose();

    private async Task ReadRestAsync(Func<long> next, Action<FilesReply> take)
    {
        while (true)
        {
            try
            {
                while (await _call.ResponseStream.MoveNext(CancellationToken.None))
                    take(_call.ResponseStream.Current);
                return;
            }
            catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
            {
                _call.Dispose();
                var rest = Request.Clone();
                (rest.Attempt, rest.Offset) = (Attempt, next());
                _call = _cloud.Api.Files(rest, _cloud.StreamOptions());
            }
        }
    }
}
