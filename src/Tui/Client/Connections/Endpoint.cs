using JobCloud.Client.Errors;
using JobCloud.Protocol.Homes;

namespace JobCloud.Client.Connections;

/// <summary>What a user calls the settings that a message names.</summary>
internal sealed record SettingNames(string Server, string CaFile, string TokenFile, string Timeout);

/// <summary>Where a client connects, and how.</summary>
internal sealed record Endpoint
{
    /// <summary>The longest time for which a request may wait; zero: no limit.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The home of the local node.</summary>
    public required HomePaths Paths { get; init; }

    /// <summary>The server as the user wrote it; empty: the local node of the home.</summary>
    public string Server { get; init; } = "";

    /// <summary>The file of the access token; empty: none.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>The CA that signed the certificate of the server; empty: the one in the home, else
    /// those of the system.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>Relative paths start here.</summary>
    public required string Directory { get; init; }

    /// <summary>The time limit of one who waits for jobs while the node does not answer; null:
    /// none.</summary>
    public TimeSpan? WaitLimit { get; init; }

    /// <summary>The node that serves all accounts of this machine, tried where the home has no
    /// node; null: not to be tried.</summary>
    public CloudAddress.Local? MachineNode { get; init; }

    /// <summary>Whether there is no way to the cloud that is meant
    /// (<see cref="ConnectionVariables.IsCutOff"/>).</summary>
    public bool IsCutOff { get; init; }

    /// <summary>Whether a node is started where none answers.</summary>
    public bool StartsNode { get; init; }

    /// <summary>The directories in which the programs of the node may be.</summary>
    public IReadOnlyList<string> Programs { get; init; } = [];

    public required SettingNames Names { get; init; }

    /// <summary>Whether a call blocks its thread until the answer arrives. It is faster, and right
    /// for a program that does nothing else.</summary>
    public bool Blocks { get; init; }

    /// <summary>Receives the reason why a call waits.</summary>
    public Action<string> Say { get; init; } = static _ => { };

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public bool NamesServer => Server.Length > 0;

    /// <summary>The node in messages.</summary>
    public string Node => NamesServer ? Server : $"unix:{Paths.GatewaySocket}";

    /// <summary>The effective address.</summary>
    /// <exception cref="ClientErrorException">It is malformed or too long for a
    /// socket.</exception>
    public CloudAddress Address()
    {
        var address = NamesServer
            ? CloudAddress.Parse(Server, Absolute)
            : CloudAddress.OfPath(Paths.GatewaySocket);
        return address.Ok
            ? address.Value
            : throw new ClientErrorException(ClientError.Usage(address.Error.Message));
    }

    public string Absolute(string path) => Path.GetFullPath(path, Directory);

    /// <summary>The path of a program; null: it was not found.</summary>
    public string? Find(JobCloudProgram program) =>
        Programs.SelectMany(program.CandidatePaths).FirstOrDefault(File.Exists);
}
