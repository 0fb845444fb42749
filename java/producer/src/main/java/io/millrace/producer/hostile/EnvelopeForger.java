package io.millrace.producer.hostile;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.EncryptionKeyInfo;
import org.apache.pulsar.client.api.MessageCrypto;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.common.api.proto.KeyValue;
import org.apache.pulsar.common.api.proto.MessageMetadata;

/**
 * Changes a message's metadata at the last moment before it is sent, which is when the client
 * encrypts: an earlier change the client would undo or refuse. Encrypts nothing. Stateless.
 */
final class EnvelopeForger implements MessageCrypto<MessageMetadata, MessageMetadata> {

  /** Property of a message that names its {@link HostileEnvelope}. */
  static final String PROPERTY = "envelope";

  /** There are no keys. */
  private static final class NoKeys implements CryptoKeyReader {

    @Override
    public EncryptionKeyInfo getPublicKey(final String name, final Map<String, String> metadata) {
      return new EncryptionKeyInfo();
    }

    @Override
    public EncryptionKeyInfo getPrivateKey(final String name, final Map<String, String> metadata) {
      return new EncryptionKeyInfo();
    }
  }

  /** Makes a producer send what the property of each message says. */
  static ProducerBuilder<byte[]> at(final ProducerBuilder<byte[]> producer) {
    return producer
        .messageCrypto(new EnvelopeForger())
        .cryptoKeyReader(new NoKeys())
        .addEncryptionKey("none");
  }

  @Override
  public void addPublicKeyCipher(final Set<String> names, final CryptoKeyReader reader) {
    // nothing is encrypted
  }

  @Override
  public boolean removeKeyCipher(final String name) {
    return true;
  }

  @Override
  public int getMaxOutputSize(final int inputLength) {
    return inputLength;
  }

  @Override
  public void encrypt(
      final Set<String> names,
      final CryptoKeyReader reader,
      final Supplier<MessageMetadata> metadata,
      final ByteBuffer payload,
      final ByteBuffer out) {
    final MessageMetadata forged = metadata.get();
    for (int i = 0; i < forged.getPropertiesCount(); i++) {
      final KeyValue property = forged.getPropertyAt(i);
      if (property.getKey().equals(PROPERTY)) {
        HostileEnvelope.valueOf(property.getValue()).seal(forged);
      }
    }
    out.put(payload);
    out.flip();
  }

  @Override
  public boolean decrypt(
      final Supplier<MessageMetadata> metadata,
      final ByteBuffer payload,
      final ByteBuffer out,
      final CryptoKeyReader reader) {
    throw new UnsupportedOperationException("A producer decrypts nothing");
  }
}
