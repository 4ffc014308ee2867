using System.ComponentModel;
using System.Diagnostics;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>The user's own key pair for entering jobs by OpenSSH, made once by ssh-keygen(1). The
/// public key goes with each connection, so that no server has to know it before.</summary>
internal sealed class OpenSshKeys(string folder)
{
    private const UnixFileMode Own =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Maker = "ssh-keygen";

    public string Folder { get; } = folder;
    public string PrivateKey => $"{Folder}/id_ed25519";
    public string PublicKey => $"{PrivateKey}.pub";

    /// <summary>Makes the keys unless they are there.</summary>
    /// <exception cref="TroubleException">OpenSSH is not installed, or the folder cannot be
    /// written.</exception>
    public void Prepare()
    {
        if (File.Exists(PrivateKey) && File.Exists(PublicKey))
            return;
        try
        {
            Directory.CreateDirectory(Folder, Own);
            // A pair gets its names once it is complete.
            var draft = $"{Folder}/{Guid.NewGuid():N}";
            Make(draft);
            File.Move($"{draft}.pub", PublicKey, overwrite: true);
            File.Move(draft, PrivateKey, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TroubleException(
                Trouble.Unavailable($"No key for OpenSSH can be kept in {Folder}: {e.Message}")
            );
        }
    }

    private static void Make(string file)
    {
        string[] arguments = ["-q", "-t", "ed25519", "-N", "", "-C", "jobcloud", "-f", file];
        try
        {
            using var maker = Process.Start(
                new ProcessStartInfo(Maker, arguments) { RedirectStandardInput = true }
            )!;
            maker.WaitForExit();
            if (maker.ExitCode == 0)
                return;
            throw new TroubleException(
                Trouble.Unavailable($"{Maker} made no key for OpenSSH: exit {maker.ExitCode}.")
            );
        }
        catch (Win32Exception)
        {
            throw new TroubleException(
                Trouble.Unavailable(
                    $"OpenSSH is not installed here: there is no {Maker} in PATH; "
                        + "'jobcloud ssh' needs none."
                )
            );
        }
    }
}
