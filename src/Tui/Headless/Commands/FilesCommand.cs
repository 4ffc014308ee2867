using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class FilesCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Columns = ["name", "size", "modified"];

    private readonly Argument<Selection?> _jid = Arg.Jid();
    private readonly Argument<string?> _path = Arg.OptionalText(
        "PATH",
        "file to print, or directory to list, in the job's own directory"
    );
    private readonly Option<int?> _attempt = Opt.Number(
        "--attempt",
        "N",
        "attempt whose directory to read (default: the newest)",
        1
    );
    private readonly Option<string?> _outputDir = Opt.Text(
        "--output-dir",
        "DIR",
        "write the file, or all files of the directory, into DIR instead"
    );

    public FilesCommand()
        : base(CommandName, Summary)
    {
        Add(_jid);
        Add(_path);
        Add(_attempt);
        Add(_outputDir);
    }

    public static string CommandName => "files";
    public static string Summary => "List or fetch the files in a job's own directory.";

    public override string Details =>
        "A job's own directory is $JOBCLOUD_DIR. It is the working directory of a remote job or with --fresh.\n"
        + "It is kept as long as the output of the job. Files that a job wrote elsewhere are not in it.";

    public override string[] Examples =>
        [
            "jobcloud files 7",
            "jobcloud files 7 model.bin > model.bin",
            "jobcloud files 7 --output-dir results",
        ];

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var jid = await call.JobAsync(cloud, _jid);
        var request = new FilesRequest
        {
            Jid = jid,
            Attempt = call.Get(_attempt) ?? 0,
            Path = call.Get(_path) ?? "",
        };
        var read = await JobFiles.OpenAsync(cloud, request);
        using var _ = read;
        if (call.Get(_outputDir) is { } folder)
            return await FetchAsync(cloud, read, call, folder);
        if (read.IsDirectory)
            return ListOf(request, await read.EntriesAsync(), read, call);
        if (call.IsJson)
            return CommandError.Usage(
                $"'{request.Path}' is a file, and its content cannot be printed as JSON; omit -o json."
            );
        await read.CopyAsync(call.Terminal.Output);
        return new Report.Ended(CommandExitCodes.Success);
    }

    private static async Task<Report> FetchAsync(
        CloudConnection cloud,
        JobFiles read,
        Invocation call,
        string folder
    )
    {
        try
        {
            var fetch = new FilesFetch(cloud, call.Terminal.Absolute(folder));
            await fetch.RunAsync(read);
            foreach (var skipped in fetch.Skipped)
                call.Terminal.Error.WriteLine($"{skipped}");
            return new Report.Nothing(() =>
                new FetchedDocument(read.Jid, read.Attempt, fetch.Count, fetch.Skipped.Count)
            )
            {
                Note =
                    $"Fetched {fetch.Count} {(fetch.Count == 1 ? "file" : "files")} into {folder}.",
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return CommandError.Usage($"Cannot write to {folder}: {failure.Message}");
        }
    }

    private static Report ListOf(
        FilesRequest request,
        List<FileEntry> entries,
        JobFiles read,
        Invocation call
    ) =>
        new Report.Table(
            Columns,
            entries.Select(entry => Row(entry, call)),
            () => FilesDocument.Of(request, read.Attempt, entries)
        )
        {
            Note =
                entries.Count > 0 ? null
                : request.Path.Length > 0 ? $"The directory {request.Path} is empty."
                : read.Elsewhere.Length > 0
                    ? $"Job {read.Jid} left nothing in its own directory; it ran in {read.Elsewhere}."
                : $"Job {read.Jid} left nothing in its own directory.",
        };

    private static TableCell[] Row(FileEntry entry, Invocation call) =>
        [
            TableCell.Of(
                entry.Kind switch
                {
                    FileKind.Directory => $"{entry.Name}/",
                    FileKind.Link => $"{entry.Name}@",
                    _ => entry.Name,
                }
            ),
            entry.Kind == FileKind.Regular ? TableCell.Of(Sizes.Short(entry.Size)) : TableCell.None,
            call.Instant(entry.Modified),
        ];
}
