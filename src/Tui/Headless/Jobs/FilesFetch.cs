using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Protocol;
using JobCloud.Protocol.Wire;

namespace JobCloud.Tui.Headless.Jobs;

/// <summary>Writes a file, or all files of a directory, of a job into a directory here. It follows
/// no links: they may lead anywhere on this machine.</summary>
internal sealed class FilesFetch(CloudConnection cloud, string folder)
{
    /// <summary>A deeper directory is skipped.</summary>
    private const int DepthMax = 100;

    /// <summary>The number of files written.</summary>
    public int Count { get; private set; }

    /// <summary>A sentence for each entry that was not fetched.</summary>
    public List<string> Skipped { get; } = [];

    public async Task RunAsync(JobFiles read)
    {
        Directory.CreateDirectory(folder);
        if (read.IsDirectory)
            await FetchAsync(read, folder, 0);
        else
            await WriteAsync(read, Path.Combine(folder, Path.GetFileName(read.Request.Path)));
    }

    private async Task FetchAsync(JobFiles read, string target, int depth)
    {
        foreach (var entry in await read.EntriesAsync())
        {
            var path =
                read.Request.Path.Length == 0 ? entry.Name : $"{read.Request.Path}/{entry.Name}";
            if (!IsName(entry.Name) || entry.Kind == FileKind.Link)
                Skipped.Add(
                    $"Skipped {path}, which is a link or has a name that cannot be written."
                );
            else if (depth == DepthMax)
                Skipped.Add($"Skipped {path}, which is nested too deeply.");
            else
                await FetchAsync(read, entry, path, Path.Combine(target, entry.Name), depth);
        }
    }

    private async Task FetchAsync(
        JobFiles above,
        FileEntry entry,
        string path,
        string target,
        int depth
    )
    {
        var request = above.Request.Clone();
        (request.Attempt, request.Path) = (above.Attempt, path);
        JobFiles read;
        try
        {
            read = await JobFiles.OpenAsync(cloud, request);
        }
        catch (RpcException failure)
            when (RefusalTrailer.Of(failure) is { Code: RefusalCode.NotFound } refusal)
        {
            Skipped.Add(refusal.Message);
            return;
        }
        using (read)
        {
            if (read.IsDirectory != (entry.Kind == FileKind.Directory))
                Skipped.Add($"Skipped {path}, which the job replaced meanwhile.");
            else if (!read.IsDirectory)
                await WriteAsync(read, target);
            else
            {
                Directory.CreateDirectory(target);
                await FetchAsync(read, target, depth + 1);
            }
        }
    }

    private async Task WriteAsync(JobFiles read, string target)
    {
        using (var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.Read))
            await read.CopyAsync(file);
        Count++;
    }

    // Names come from the job.
    private static bool IsName(string name) =>
        name is not ("" or "." or "..") && !name.Contains('/') && !name.Contains('\0');
}
