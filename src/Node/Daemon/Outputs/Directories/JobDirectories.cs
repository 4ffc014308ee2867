using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Outputs.Directories;

/// <summary>Reads the own directories of attempts, with the rights of the account that owns
/// them: a link or a file that a job put there shows nothing that the job could not see.</summary>
internal sealed class JobDirectories(HomePaths home)
{
    /// <summary>Maximum bytes of one answer; one to another node fits its frame.</summary>
    private const int ChunkBytes = 16_000;

    /// <summary>Entries of a directory beyond are left out.</summary>
    private const int EntriesMax = 100_000;

    // Beside its name, which may be encoded with three bytes a character.
    private const int EntryBytes = 32;

    public FilesRead Read(ReadFiles question)
    {
        var directory = home.Attempt(new Jid(question.Jid), question.Attempt).Directory;
        if (OwnerFiles.OwnerOf(directory) is not { } owner)
            return new() { Missing = true };
        using var file = OwnerFiles.OpenBeneath(directory, question.Path, owner, out var error);
        if (file is null)
            return new() { Trouble = ReasonFor(error) };
        try
        {
            return OwnerFiles.KindOf(file) switch
            {
                OpenedKind.Directory => ListOf(file, owner, question.Offset),
                OpenedKind.Regular => PartOf(file, question.Offset),
                _ => new() { Trouble = "is not a regular file" },
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new() { Trouble = "cannot be read" };
        }
    }

    private static string ReasonFor(int error) =>
        error switch
        {
            OwnerFiles.NoSuchFile or OwnerFiles.NotDirectory => "does not exist",
            OwnerFiles.Outside => "leads out of the directory",
            OwnerFiles.NoPermission => "cannot be read by the job's account",
            OwnerFiles.NoSuchCall => "cannot be read: this needs Linux 5.6 or later",
            _ => $"cannot be read (errno {error})",
        };

    private static FilesRead PartOf(SafeFileHandle file, long offset)
    {
        var size = RandomAccess.GetLength(file);
        var from = Math.Clamp(offset, 0, size);
        var data = new byte[Math.Min(ChunkBytes, size - from)];
        var count = RandomAccess.Read(file, data, from);
        return new()
        {
            Data = UnsafeByteOperations.UnsafeWrap(data.AsMemory(0, count)),
            Size = size,
        };
    }

    private static FilesRead ListOf(SafeFileHandle directory, FileOwnership owner, long offset)
    {
        using var rights = new OwnerRights(owner);
        var names = DirectoryEntries
            .NamesIn(directory, EntriesMax)
            .Select(bytes => (Shown: Utf8Text.Escape(bytes), Bytes: bytes))
            .OrderBy(name => name.Shown, StringComparer.Ordinal)
            .ToList();
        var read = new FilesRead { IsDirectory = true, Size = names.Count };
        var room = ChunkBytes;
        for (var i = (int)Math.Clamp(offset, 0, names.Count); i < names.Count && room > 0; i++)
        {
            read.Entries.Add(EntryOf(directory, names[i].Bytes, names[i].Shown));
            room -= EntryBytes + names[i].Shown.Length * 3;
        }
        return read;
    }

    private static FileEntry EntryOf(SafeFileHandle directory, byte[] name, string shown)
    {
        var entry = new FileEntry { Name = shown };
        // A job may remove a file meanwhile.
        if (OwnerFiles.StatusOf(directory, name) is not { } status)
            return entry;
        entry.Modified = status.Modified;
        entry.Kind =
            status.IsLink ? FileKind.Link
            : status.Kind == OpenedKind.Directory ? FileKind.Directory
            : FileKind.Regular;
        if (entry.Kind == FileKind.Regular)
            entry.Size = status.Size;
        return entry;
    }
}
