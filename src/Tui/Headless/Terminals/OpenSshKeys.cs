using System.ComponentModel;
using System.Diagnostics;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>The user's key pair for opening jobs with OpenSSH, created once by ssh-keygen(1). Each
/// connection sends the public key, so that no server has to know it in advance.</summary>
internal sealed class OpenSshKeys(string folder)
{
    private const UnixFileMode Own =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string KeyGenerator = "ssh-keygen";

    public string Folder { get; } = folder;
    public string PrivateKey => $"{Folder}/id_ed25519";
    public string PublicKey => $"{PrivateKey}.pub";

    /// <summary>Creates the keys if they do not exist.</summary>
    /// <exception cref="CommandErrorException">OpenSSH is not installed, or the directory cannot be
    /// written.</exception>
    public void Prepare()
    {
        if (File.Exists(PrivateKey) && File.Exists(PublicKey))
            return;
        try
        {
            Directory.CreateDirectory(Folder, Own);
            // The files get their names once both are complete.
            var draft = $"{Folder}/{Guid.NewGuid():N}";
            Generate(draft);
            File.Move($"{draft}.pub", PublicKey, overwrite: true);
            File.Move(draft, PrivateKey, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandErrorException(
                CommandError.Unavailable($"Cannot write an OpenSSH key to {Folder}: {e.Message}")
            );
        }
    }

    private static void Generate(string file)
    {
        string[] arguments = ["-q", "-t", "ed25519", "-N", "", "-C", "jobcloud", "-f", file];
        try
        {
            using var generator = Process.Start(
                new ProcessStartInfo(KeyGenerator, arguments) { RedirectStandardInput = true }
            )!;
            generator.WaitForExit();
            if (generator.ExitCode == 0)
                return;
            throw new CommandErrorException(
                CommandError.Unavailable($"{KeyGenerator} failed: exit {generator.ExitCode}.")
            );
        }
        catch (Win32Exception)
        {
            throw new CommandErrorException(
                CommandError.Unavailable(
                    $"OpenSSH is not installed: {KeyGenerator} was not found in PATH; "
                        + "use 'jobcloud ssh', which does not need OpenSSH."
                )
            );
        }
    }
}
