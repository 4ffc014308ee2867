namespace JobCloud.Attacks;

/// <summary>Frames as a member sends them, each changed at random.</summary>
public static class MutatedFrames
{
    private const int MostChanges = 8;

    /// <summary>Sends frames; connects again when the node closes the connection.</summary>
    /// <param name="random">Decides on the changes.</param>
    /// <returns>The number of connections.</returns>
    public static async Task<int> SendAsync(AttackedPort port, int count, Random random)
    {
        const int block = 50;
        var connections = 0;
        ClusterConnection? connection = null;
        try
        {
            for (var sent = 0; sent < count; sent += block)
                try
                {
                    if (connection is null)
                    {
                        connection = await (
                            port with
                            {
                                OwnPort = port.OwnPort + ++connections,
                            }
                        ).JoinAsync();
                    }
                    var originals = ClusterPortAttacks.Samples(
                        port with
                        {
                            OwnPort = port.OwnPort + connections,
                        }
                    );
                    await connection.SendAsync([
                        .. Enumerable
                            .Range(0, block)
                            .Select(i => Change(originals[i % originals.Count], random)),
                    ]);
                }
                catch (IOException)
                {
                    connection?.Dispose();
                    connection = null;
                }
        }
        finally
        {
            connection?.Dispose();
        }
        return connections;
    }

    private static byte[] Change(byte[] frame, Random random)
    {
        var changed = frame.ToArray();
        for (var i = random.Next(1, MostChanges + 1); i > 0; i--)
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? changed[..random.Next(1, changed.Length)] : changed;
    }
}
