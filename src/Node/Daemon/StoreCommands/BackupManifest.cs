using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>What a backup holds; the last file in it, so that a backup without it is
/// incomplete.</summary>
/// <param name="Format">The version of this list.</param>
/// <param name="StoreId">The ID of the store.</param>
/// <param name="HighestJid">No job had a jid above it.</param>
/// <param name="Created">When the backup was made.</param>
/// <param name="Files">All other files.</param>
internal sealed record BackupManifest(
    int Format,
    long StoreVersion,
    string StoreId,
    long HighestJid,
    DateTimeOffset Created,
    IReadOnlyList<BackupFile> Files
)
{
    public const int CurrentFormat = 1;
    public const string Name = "manifest.json";

    public byte[] ToBytes() =>
        JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    /// <summary>Null: it is damaged.</summary>
    public static BackupManifest? Read(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, BackupJson.Default.BackupManifest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A file in a backup.</summary>
/// <param name="Path">Relative to the home.</param>
/// <param name="Sha256">In hexadecimal digits.</param>
internal sealed record BackupFile(string Path, long Size, string Sha256);

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
